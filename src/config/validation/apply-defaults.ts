import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { chooseProperties } from './chosen-properties.ts';

/**
 * Completes a valid config with the defaults of its specification, at every depth. Blank defaults, which only tell
 * forms that a field may stay empty, are left out.
 *
 * ajv's own `useDefaults` does not look into a `oneOf`, nor does it create an absent object.
 */
export function applyDefaults(config: JsonObject, schema: JsonObject): JsonObject {
  const known = Object.entries(chooseProperties(config, schema));
  const completed = known.map(([name, property]): [string, unknown] => [
    name,
    completeValue(Object.hasOwn(config, name) ? config[name] : property.default, property),
  ]);
  const present = completed.filter(([, value]) => value !== undefined && value !== '');
  return { ...config, ...Object.fromEntries(present) };
}

function completeValue(value: unknown, schema: JsonObject): unknown {
  if (schema.type === 'object') return applyDefaults(isJsonObject(value) ? value : {}, schema);
  if (!Array.isArray(value) || !isJsonObject(schema.items)) return value;
  const { items } = schema;
  return value.map((item: unknown) => completeValue(item, items));
}
