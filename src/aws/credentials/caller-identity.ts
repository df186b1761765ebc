import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Config } from '../../config/config.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { openSts } from './sts-client.ts';

// It is said for information only, so nobody is kept waiting for it; without a route to STS there never is an answer.
const PATIENCE_MS = 3000;

/**
 * The ARN of who the credentials belong to; undefined with an endpoint of one's own but no `sts_endpoint`, for what
 * stands there is no AWS.
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
