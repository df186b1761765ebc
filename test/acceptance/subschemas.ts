import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';

/** A schema inside a schema, the outermost included. */
export interface Subschema {
  /** Where it stands: `/properties/scan/oneOf/0`, empty for the outermost. */
  readonly path: string;
  readonly schema: JsonObject;
}

const LIST_KEYWORDS = ['oneOf', 'anyOf', 'allOf', 'items'];
const SCHEMA_KEYWORDS = ['items', 'additionalProperties', 'not', 'if', 'then', 'else'];

/** Every schema in a JSON schema, parents before their children. */
export function* subschemas(schema: JsonObject, path = ''): Generator<Subschema> {
  yield { path, schema };
  for (const [name, child] of Object.entries(propertiesOf(schema))) {
    if (isJsonObject(child)) yield* subschemas(child, `${path}/properties/${name}`);
  }
  for (const keyword of LIST_KEYWORDS) {
    const children = schema[keyword];
    if (!Array.isArray(children)) continue;
    for (const [index, child] of objectsIn(children).entries()) {
      yield* subschemas(child, `${path}/${keyword}/${index}`);
    }
  }
  for (const keyword of SCHEMA_KEYWORDS) {
    const child = schema[keyword];
    if (isJsonObject(child)) yield* subschemas(child, `${path}/${keyword}`);
  }
}

/** The `properties` of a schema, empty where it has none. */
export function propertiesOf(schema: JsonObject): JsonObject {
  return isJsonObject(schema.properties) ? schema.properties : {};
}

/** The `type` of a schema as a list, empty where it has none. */
export function typesOf(schema: JsonObject): readonly Json[] {
  const type = schema.type;
  if (type === undefined) return [];
  return Array.isArray(type) ? (type as readonly Json[]) : [type];
}

/** Those of some JSON values that are objects. */
export function objectsIn(values: Json | undefined): JsonObject[] {
  return Array.isArray(values) ? (values as readonly Json[]).filter(isJsonObject) : [];
}
