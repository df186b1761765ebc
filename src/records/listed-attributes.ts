import type { RecordConfig } from '../config/config.ts';
import {
  ALL_TYPES,
  B,
  BOOL,
  BS,
  FRACTION_N,
  L,
  M,
  N,
  NS,
  NULL,
  S,
  SS,
  type TypeSet,
  typeSet,
  WIDE_N,
} from './attribute-type.ts';

/** The attribute types that each property of a stream's schema accepts; undefined if the schema accepts everything. */
export type ListedAttributes = ReadonlyMap<string, TypeSet> | undefined;

/** Reads what the properties of a configured stream's JSON schema say about attributes. */
export function readListedAttributes(
  jsonSchema: Readonly<Record<string, unknown>>,
  config: RecordConfig,
): ListedAttributes {
  const properties = jsonSchema.properties;
  if (typeof properties !== 'object' || properties === null) return undefined;
  const names = Object.keys(properties);
  if (names.length === 0) return undefined;
  const schemas = properties as Readonly<Record<string, unknown>>;
  return new Map(names.map((name) => [name, readTypes(schemas[name], config)]));
}

function readTypes(schema: unknown, config: RecordConfig): TypeSet {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return ALL_TYPES;
  const types = Array.isArray(schema.type) ? (schema.type as readonly unknown[]) : [schema.type];
  return types.reduce((set: TypeSet, type) => set | toTypeSet(type, config), 0);
}

function toTypeSet(jsonType: unknown, config: RecordConfig): TypeSet {
  switch (jsonType) {
    case 'string':
      return (
        typeSet(S, B) |
        (config.numberValues === 'string' ? typeSet(N, WIDE_N, FRACTION_N) : 0) |
        (config.nestedValues === 'string' ? typeSet(M, L, SS, NS, BS) : 0)
      );
    // Numbers that are written as text are strings, whatever the schema expects; so are nested values.
    case 'integer':
      return config.numberValues === 'string' ? 0 : typeSet(N);
    case 'number':
      return config.numberValues === 'string' ? 0 : typeSet(N, WIDE_N, FRACTION_N);
    case 'boolean':
      return typeSet(BOOL);
    case 'null':
      return typeSet(NULL);
    case 'object':
      return config.nestedValues === 'string' ? 0 : typeSet(M);
    case 'array':
      return config.nestedValues === 'string' ? 0 : typeSet(L, SS, NS, BS);
    default:
      return 0;
  }
}
