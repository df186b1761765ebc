import type { Config } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { Patience } from '../../../src/aws/calls/patient-call.ts';
import { connect, type DynamoDbConnection } from '../../../src/aws/connection.ts';
import {
  connectStreams,
  type StreamsConnection,
} from '../../../src/aws/streams/streams-connection.ts';
import type { Engine } from '../../support/engine.ts';
import type { JsonObject } from '../../support/json.ts';

/** Has the first failure of a call count. */
export const ONE_TRY: Patience = {
  patienceMs: 0,
  signal: new AbortController().signal,
  onRetry: () => undefined,
};

/** Opens one to the change streams of an engine beside its connection. */
export function openStreams(
  engine: Engine,
  connection: DynamoDbConnection,
  options: JsonObject = {},
): StreamsConnection {
  return connectStreams(configOf(engine, options), connection);
}

/** Opens a connection as a config with the engine's own key does; `options` are more of its properties. */
export function openConnection(
  engine: Engine,
  options: JsonObject = {},
): Promise<DynamoDbConnection> {
  return connect(configOf(engine, options), {
    env: {},
    findProxy: () => undefined,
    onSecret: () => undefined,
    warn: () => undefined,
  });
}

function configOf({ endpoint, region, ...key }: Engine, options: JsonObject): Config {
  const credentials = {
    auth_type: 'User',
    access_key_id: key.accessKeyId,
    secret_access_key: key.secretAccessKey,
  };
  return parseConfig({ region, endpoint, credentials, ...options });
}
