import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { inferRegion, type Environment } from './region.ts';

/**
 * Completes a cleaned config with what configs of Airbyte's own connector may omit: the region and the way to
 * authenticate.
 *
 * @see https://docs.airbyte.com/integrations/sources/dynamodb
 */
export function inferInput(config: JsonObject, env: Environment): JsonObject {
  const { credentials } = config;
  const isUnsaid = isJsonObject(credentials) && credentials.auth_type === undefined;
  return inferRegion(
    isUnsaid
      ? { ...config, credentials: { ...credentials, auth_type: inferAuthType(credentials) } }
      : config,
    env,
  );
}

function inferAuthType(credentials: JsonObject): string {
  const hasKey =
    credentials.access_key_id !== undefined || credentials.secret_access_key !== undefined;
  if (!hasKey) return 'Role';
  return credentials.role_arn === undefined ? 'User' : 'AssumeRole';
}
