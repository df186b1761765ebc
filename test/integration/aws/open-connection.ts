import { parseConfig } from '../../../src/config/parse-config.ts';
import type { Patience } from '../../../src/aws/calls/patient-call.ts';
import { connect, type DynamoDbConnection } from '../../../src/aws/connection.ts';
import type { Engine } from '../../support/engine.ts';
import type { JsonObject } from '../../support/json.ts';

/** Has the first failure of a call count. */
export const ONE_TRY: Patience = {
  patienceMs: 0,
  signal: new AbortController().signal,
  onRetry: () => undefined,
};

/** Opens a connection as a config with the engine's own key does; `options` are more of its properties. */
export function openConnection(
  engine: Engine,
  options: JsonObject = {},
): Promise<DynamoDbConnection> {
  const credentials = {
    auth_type: 'User',
    access_key_id: engine.accessKeyId,
    secret_access_key: engine.secretAccessKey,
  };
  const { endpoint, region } = engine;
  return connect(parseConfig({ region, endpoint, credentials, ...options }), {
    env: {},
    findProxy: () => undefined,
    onSecret: () => undefined,
    warn: () => undefined,
  });
}
