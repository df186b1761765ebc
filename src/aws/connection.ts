import type { ConnectorError } from '../errors.ts';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config/config.ts';
import { formatDuration } from '../text/figures.ts';
import { AwsHttp } from './calls/aws-http.ts';
import { DataCalls } from './calls/data-calls.ts';
import { SdkHttpHandler } from './calls/sdk-http-handler.ts';
import { signOnly } from './calls/sign-only.ts';
import { DYNAMODB_TIMEOUTS } from './calls/timeouts.ts';
import { AwsClock } from './clock.ts';
import { createCredentials } from './credentials/credentials.ts';
import type { RenewingCredentials } from './credentials/renewing-credentials.ts';
import { endpointVariants } from './endpoint-variants.ts';
import { classifyError } from './errors/classify-error.ts';
import type { FailedCall } from './errors/failed-call.ts';
import { isLoopback } from './http/origin.ts';
import type { FindProxy } from './proxies/proxy.ts';

/** What every call to a service of AWS needs beside its client. */
export interface ServiceConnection {
  readonly credentials: RenewingCredentials;
  readonly clock: AwsClock;
  /** Whether the endpoint is on this machine and has not answered yet. */
  readonly isLocalAndSilent: boolean;
  /** Converts the failure of a call into a ConnectorError. */
  classify(thrown: unknown, action: string, resource?: string): ConnectorError;
}

/** An open way to the DynamoDB of one region and account. */
export interface DynamoDbConnection extends ServiceConnection {
  /** For control calls, each of which it sends once: `callPatiently` is what tries again. */
  readonly client: DynamoDBClient;
  /** The calls of Scan. */
  readonly scans: DataCalls;
  /** Sends the requests of all of the connection's calls. */
  readonly http: AwsHttp;
  readonly findProxy: FindProxy;
  close(): void;
}

/** What else a connection needs. */
export interface ConnectOptions {
  /** The environment of the process, for AWS's default chain of credentials. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly findProxy: FindProxy;
  /** Called with every secret that AWS issues, so that it can be masked. */
  readonly onSecret: (secret: string) => void;
  /** Called with each sentence that the user should know. */
  readonly warn: (message: string) => void;
}

/** Opens a connection according to the config. Nothing is sent yet. */
export async function connect(
  config: Config,
  options: ConnectOptions,
): Promise<DynamoDbConnection> {
  const { findProxy } = options;
  const endpoint = config.endpoints.dynamodb;
  const isLocal = endpoint !== undefined && isLoopback(new URL(endpoint));
  const clock = createClock(options);
  const credentials = await createCredentials({ ...config, ...options, clock });
  const http = new AwsHttp({ findProxy, clock, timeouts: DYNAMODB_TIMEOUTS });
  const client = openDynamoDb(config, credentials, http);
  clock.govern(client.config);
  const signRequest = (TableName: string) => {
    const command = new ScanCommand({ TableName });
    return signOnly(command, () => client.send(command));
  };
  return {
    client,
    scans: new DataCalls({ http, clock, credentials, signRequest }),
    credentials,
    clock,
    http,
    findProxy,
    get isLocalAndSilent() {
      return isLocal && !http.hasAnswered;
    },
    classify: (thrown, action, resource) =>
      classifyError(thrown, describeCall(config, action, resource)),
    close: () => {
      client.destroy();
    },
  };
}

function createClock(options: ConnectOptions): AwsClock {
  return new AwsClock((offsetMs) => {
    const off = `${formatDuration(Math.abs(offsetMs))} ${offsetMs < 0 ? 'ahead' : 'behind'}`;
    options.warn(
      `The clock of this machine is ${off}; requests are signed with AWS's time instead. Set the clock, since certificates and saved sessions are still checked against it.`,
    );
  });
}

function openDynamoDb(
  { endpoints, region }: Config,
  credentials: RenewingCredentials,
  http: AwsHttp,
): DynamoDBClient {
  return new DynamoDBClient({
    region,
    credentials: () => credentials.provideOnce(),
    maxAttempts: 1,
    ...endpointVariants(endpoints),
    requestHandler: new SdkHttpHandler(http),
    ...(endpoints.dynamodb !== undefined && { endpoint: endpoints.dynamodb }),
  });
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
