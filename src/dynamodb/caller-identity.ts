import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Config } from '../config/config.ts';
import type { DynamoDbConnection } from './connection.ts';
import { SdkHttpHandler, STS_TIMEOUTS } from './sdk-http-handler.ts';

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
  { credentials, findProxy }: DynamoDbConnection,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (endpoints.dynamodb !== undefined && endpoints.sts === undefined) return undefined;
  const client = new STSClient({
    region,
    credentials: () => credentials.provide(),
    maxAttempts: 1,
    requestHandler: new SdkHttpHandler(findProxy, STS_TIMEOUTS),
    useFipsEndpoint: endpoints.useFips,
    useDualstackEndpoint: endpoints.useDualstack,
    ...(endpoints.sts !== undefined && { endpoint: endpoints.sts }),
  });
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return Arn;
  } finally {
    client.destroy();
  }
}
