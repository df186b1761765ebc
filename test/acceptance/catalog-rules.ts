import { isJsonObject, type JsonObject } from '../support/json.ts';
import type { CatalogStream } from '../support/messages.ts';
import { propertiesOf, subschemas, typesOf } from './subschemas.ts';

/** What Airbyte asks of each stream of a discovered catalog. */
export interface CatalogRule {
  /** A fact: "primary keys are in the schema". */
  readonly name: string;
  /** One line per violation. */
  find(stream: CatalogStream): string[];
  /** A stream that breaks the rule, to see that `find` sees it. */
  readonly broken: CatalogStream;
}

const GOOD: CatalogStream = {
  name: 'good',
  json_schema: { type: 'object', properties: { id: { type: 'string' } } },
  supported_sync_modes: ['full_refresh'],
  source_defined_primary_key: [['id']],
};

const FORBIDDEN_KEYWORDS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not'];

export const CATALOG_RULES: readonly CatalogRule[] = [
  {
    name: 'a schema describes an object',
    find: ({ json_schema }) => (typesOf(json_schema).includes('object') ? [] : ['type']),
    broken: { ...GOOD, json_schema: { type: 'string' } },
  },
  {
    name: 'no keyword is used that destinations do not know',
    find: ({ json_schema }) =>
      where(json_schema, (schema) => FORBIDDEN_KEYWORDS.some((keyword) => keyword in schema)),
    broken: { ...GOOD, json_schema: { type: 'object', allOf: [] } },
  },
  {
    name: 'additionalProperties is true',
    find: ({ json_schema }) =>
      where(json_schema, ({ additionalProperties = true }) => additionalProperties !== true),
    broken: { ...GOOD, json_schema: { type: 'object', additionalProperties: false } },
  },
  {
    name: 'a stream has sync modes',
    find: ({ supported_sync_modes }) => (supported_sync_modes.length > 0 ? [] : ['none']),
    broken: { ...GOOD, supported_sync_modes: [] },
  },
  {
    name: 'primary keys are attributes of the schema, scalar and never null',
    find: ({ json_schema, source_defined_primary_key = [] }) =>
      source_defined_primary_key
        .map((path) => path.join('.'))
        .filter((name) => !isScalarKey(propertiesOf(json_schema)[name])),
    broken: { ...GOOD, source_defined_primary_key: [['no such attribute']] },
  },
  {
    name: 'there is a primary key',
    find: ({ source_defined_primary_key = [] }) =>
      source_defined_primary_key.length > 0 ? [] : ['none'],
    broken: { ...GOOD, source_defined_primary_key: [] },
  },
  {
    name: 'cursors are attributes of the schema',
    find: ({ json_schema, default_cursor_field = [] }) =>
      default_cursor_field.filter((name) => !(name in propertiesOf(json_schema))),
    broken: { ...GOOD, default_cursor_field: ['no such attribute'] },
  },
  {
    name: 'a resumable stream says whose choice the cursor is',
    find: ({ is_resumable = false, source_defined_cursor }) =>
      is_resumable && source_defined_cursor === undefined ? ['source_defined_cursor'] : [],
    broken: { ...GOOD, is_resumable: true },
  },
];

function where(jsonSchema: JsonObject, breaks: (schema: JsonObject) => boolean): string[] {
  return [...subschemas(jsonSchema)].filter(({ schema }) => breaks(schema)).map(({ path }) => path);
}

function isScalarKey(property: JsonObject[string] | undefined): boolean {
  if (!isJsonObject(property)) return false;
  const types = typesOf(property);
  return types.length > 0 && types.every((type) => !NO_KEY_TYPES.has(type));
}

const NO_KEY_TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'null']);
