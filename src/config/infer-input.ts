import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { inferRegion, type Environment } from './region.ts';

/**
 * Completes a cleaned config with what may be omitted: the region, the way to authenticate and the replication method.
 *
 * @see https://docs.airbyte.com/integrations/sources/dynamodb
 */
export function inferInput(config: JsonObject, env: Environment): JsonObject {
  const { credentials, replication_method: replication } = config;
  return inferRegion(
    {
      ...config,
      ...(lacks(credentials, 'auth_type') && {
        credentials: { ...credentials, auth_type: inferAuthType(credentials) },
      }),
      ...(lacks(replication, 'method') && {
        replication_method: { ...replication, method: 'Scan' },
      }),
    },
    env,
  );
}

function lacks(value: unknown, name: string): value is JsonObject {
  return isJsonObject(value) && value[name] === undefined;
}

function inferAuthType(credentials: JsonObject): string {
  const hasKey =
    credentials.access_key_id !== undefined || credentials.secret_access_key !== undefined;
  if (!hasKey) return 'Role';
  return credentials.role_arn === undefined ? 'User' : 'AssumeRole';
}
