import { isJsonObject } from '../../json/json-object.ts';

/** A value in DynamoDB JSON as it appears on the wire: `{"S":"text"}`, `{"N":"1.5"}`, `{"B":"base64"}`, `{"M":{…}}`. */
export type RawAttributeValue = Readonly<Record<string, unknown>>;

/** An item, or the key attributes of one, in DynamoDB JSON. */
export type RawItem = Readonly<Record<string, RawAttributeValue>>;

const KEY_TYPES = new Set(['S', 'N', 'B']);

/** Whether a value of unknown origin is a start key: key attributes with their values, at least one. */
export function isStartKey(value: unknown): value is RawItem {
  if (!isJsonObject(value)) return false;
  const attributes = Object.values(value);
  return attributes.length > 0 && attributes.every(isKeyValue);
}

function isKeyValue(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const [[type, content] = ['', undefined], ...others] = Object.entries(value);
  return KEY_TYPES.has(type) && typeof content === 'string' && others.length === 0;
}
