import { isJsonObject } from '../json/json-object.ts';
import type { StreamDefinition } from '../protocol/messages.ts';

const ORDERED_TYPES = ['string', 'number', 'integer'];

/**
 * The cursor field of a stream for a name: the column of that name, or else the path that it is with dots. Empty when the
 * stream has no such column of text or numbers.
 */
export function chooseCursorField(
  { json_schema: schema }: StreamDefinition,
  name: string,
): readonly string[] {
  return [[name], name.split('.')].find((path) => mayBeOrdered(schema, path)) ?? [];
}

/** Whether a schema allows texts or numbers at a path. What is inside an object of which it tells nothing may be such. */
function mayBeOrdered(schema: unknown, [name, ...inside]: readonly string[]): boolean {
  if (!isJsonObject(schema)) return false;
  const types = [schema.type].flat().map(String);
  if (name === undefined) return types.some((type) => ORDERED_TYPES.includes(type));
  const { properties } = schema;
  if (properties === undefined) return types.includes('object');
  return mayBeOrdered(readProperty(properties, name), inside);
}

/** The properties of a stream are a Map, in the order of its columns. */
function readProperty(properties: unknown, name: string): unknown {
  if (properties instanceof Map) return properties.get(name);
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
