import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config/config.ts';
import type { ConnectorError } from '../errors.ts';
import { classifyError } from './errors/classify-error.ts';
import type { FailedCall } from './errors/failed-call.ts';
import { createCredentials } from './credentials/credentials.ts';
import type { FindProxy } from './proxies/proxy.ts';
import { PageRequests } from './calls/page-requests.ts';
import { RawRequestBody } from './calls/raw-request-body.ts';
import type { RenewingCredentials } from './credentials/renewing-credentials.ts';
import { SdkHttpHandler } from './calls/sdk-http-handler.ts';

// The SDK's own attempts bridge what passes in a second; longer faults are waited out by `withRetries`.
const SDK_ATTEMPTS = 3;

/** An open way to the DynamoDB of one region and account. */
export interface DynamoDbConnection {
  readonly client: DynamoDBClient;
  readonly pageRequests: PageRequests;
  readonly credentials: RenewingCredentials;
  readonly findProxy: FindProxy;
  /** A failure of a call as an error of ours. */
  classify(thrown: unknown, action: string, resource?: string): ConnectorError;
  /** Makes the SDK take the credentials anew with its next request. */
  refreshCredentials(): Promise<void>;
  close(): void;
}

/** What else a connection needs. */
export interface ConnectOptions {
  readonly findProxy: FindProxy;
  /** Told of every secret that AWS hands out, so that it can be masked. */
  readonly onSecret: (secret: string) => void;
}

/** Opens a connection as the config says. Nothing is sent yet. */
export async function connect(
  config: Config,
  { findProxy, onSecret }: ConnectOptions,
): Promise<DynamoDbConnection> {
  const { endpoints, region } = config;
  const credentials = await createCredentials({ ...config, findProxy, onSecret });
  const handler = new SdkHttpHandler(findProxy);
  const client = new DynamoDBClient({
    region,
    credentials: () => credentials.provide(),
    maxAttempts: SDK_ATTEMPTS,
    ...(endpoints.useFips !== undefined && { useFipsEndpoint: endpoints.useFips }),
    ...(endpoints.useDualstack !== undefined && { useDualstackEndpoint: endpoints.useDualstack }),
    requestHandler: handler,
    ...(endpoints.dynamodb !== undefined && { endpoint: endpoints.dynamodb }),
  });
  RawRequestBody.install(client);
  return {
    client,
    pageRequests: new PageRequests(client, handler, credentials),
    credentials,
    findProxy,
    classify: (thrown, action, resource) =>
      classifyError(thrown, describeCall(config, action, resource)),
    refreshCredentials: async () => {
      await client.config.credentials({ forceRefresh: true });
    },
    close: () => {
      client.destroy();
    },
  };
}

function describeCall(config: Config, action: string, resource?: string): FailedCall {
  return {
    service: 'dynamodb',
    action,
    region: config.region,
    ...(resource !== undefined && { resource }),
    ...(config.endpoints.dynamodb !== undefined && { endpoint: config.endpoints.dynamodb }),
  };
}
