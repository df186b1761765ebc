/** Any JSON value, as `JSON.parse` gives it: long numbers lose digits, so exact checks look at raw text. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** Parses text that must hold an object; throws on anything else. */
export function parseJsonObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (!isJsonObject(value)) throw new Error(`not a JSON object: ${text.slice(0, 100)}`);
  return value;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
