import { DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import type { Config } from '../../config/config.ts';
import { DataCalls } from '../calls/data-calls.ts';
import { SdkHttpHandler } from '../calls/sdk-http-handler.ts';
import { signOnly } from '../calls/sign-only.ts';
import type { DynamoDbConnection, ServiceConnection } from '../connection.ts';
import { endpointVariants } from '../endpoint-variants.ts';
import { classifyError } from '../errors/classify-error.ts';

/** An open way to the change streams of one region and account. */
export interface StreamsConnection extends ServiceConnection {
  /** For control calls, each of which it sends once: `callPatiently` is what tries again. */
  readonly client: DynamoDBStreamsClient;
  /** The calls of GetRecords. */
  readonly changes: DataCalls;
  close(): void;
}

/**
 * Opens a connection to DynamoDB Streams with the credentials, clock and connections of one to DynamoDB. Nothing is sent
 * yet.
 */
export function connectStreams(config: Config, dynamodb: DynamoDbConnection): StreamsConnection {
  const { credentials, clock, http } = dynamodb;
  const { endpoints, region } = config;
  const endpoint = endpoints.streams ?? endpoints.dynamodb;
  const isOfDynamoDb = endpoints.streams === undefined && endpoint !== undefined;
  const client = new DynamoDBStreamsClient({
    region,
    credentials: () => credentials.provideOnce(),
    maxAttempts: 1,
    ...endpointVariants(endpoints),
    requestHandler: new SdkHttpHandler(http),
    ...(endpoint !== undefined && { endpoint }),
  });
  clock.govern(client.config);
  const signRequest = () => {
    const command = new GetRecordsCommand({ ShardIterator: 'any' });
    return signOnly(command, () => client.send(command));
  };
  return {
    client,
    changes: new DataCalls({ http, clock, credentials, signRequest }),
    credentials,
    clock,
    get isLocalAndSilent() {
      return dynamodb.isLocalAndSilent;
    },
    classify: (thrown, action, resource) =>
      classifyError(thrown, {
        service: 'streams',
        action,
        region,
        ...(resource !== undefined && { resource }),
        ...(endpoint !== undefined && { endpoint }),
        ...(isOfDynamoDb && { endpointOption: 'endpoint' }),
      }),
    close: () => {
      client.destroy();
    },
  };
}
