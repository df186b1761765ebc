import { ConfigError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';

/**
 * Parses `expression_attribute_names`: JSON text like `{"#s":"status"}`. Without text there are none.
 *
 * @throws ConfigError that names the property.
 */
export function parseExpressionNames(
  text: string | undefined,
  path: string,
): Readonly<Record<string, string>> {
  const names = parseObject(text, path, '{"#s":"status"}');
  const wrong = Object.entries(names).find(
    ([alias, name]) => !alias.startsWith('#') || typeof name !== 'string',
  );
  if (wrong === undefined) return names as Readonly<Record<string, string>>;
  throw new ConfigError(
    `"${path}" contains ${describe(wrong)}: names begin with "#" and stand for the name of an attribute, like {"#s":"status"}.`,
  );
}

/**
 * Parses `expression_attribute_values`: JSON text like `{":open":{"S":"OPEN"}}`. Without text there are none.
 *
 * @throws ConfigError that names the property.
 */
export function parseExpressionValues(
  text: string | undefined,
  path: string,
): Readonly<Record<string, JsonObject>> {
  const values = parseObject(text, path, '{":open":{"S":"OPEN"}}');
  const wrong = Object.entries(values).find(
    ([alias, value]) => !alias.startsWith(':') || !isTyped(value),
  );
  if (wrong === undefined) return values as Readonly<Record<string, JsonObject>>;
  throw new ConfigError(
    `"${path}" contains ${describe(wrong)}: values begin with ":" and are written in DynamoDB JSON with their type, like {":open":{"S":"OPEN"},":limit":{"N":"10"}}.`,
  );
}

function parseObject(text: string | undefined, path: string, example: string): JsonObject {
  if (text === undefined) return {};
  try {
    const value: unknown = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Reported below, like JSON that is not an object.
  }
  throw new ConfigError(`"${path}" must be a string that contains a JSON object, like ${example}.`);
}

/** Whether it is `{"S":"…"}` or the like; DynamoDB checks the rest. */
function isTyped(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 1;
}

function describe([alias, value]: readonly [string, unknown]): string {
  return JSON.stringify({ [alias]: value });
}
