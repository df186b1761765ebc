import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Config } from '../../config/config.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { openSts } from './sts-client.ts';

// This is only for information, so it must not keep anybody waiting; without a route to STS, no answer ever comes.
const PATIENCE_MS = 3000;

/**
 * Returns the ARN of the user or role that the credentials belong to; undefined with a custom endpoint but no
 * `sts_endpoint`, since such an endpoint is not AWS.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @throws what the SDK or the credentials throw.
 */
export async function fetchCallerIdentity(
  { region, endpoints }: Config,
  { credentials, findProxy, clock }: DynamoDbConnection,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (endpoints.dynamodb !== undefined && endpoints.sts === undefined) return undefined;
  const client = openSts({ region, endpoints, findProxy, clock }, () => credentials.provideOnce());
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return Arn;
  } finally {
    client.destroy();
  }
}
