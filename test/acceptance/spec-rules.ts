import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { objectsIn, propertiesOf, subschemas, typesOf } from './subschemas.ts';

/** What Airbyte asks of a `connectionSpecification`. */
export interface SpecRule {
  /** A fact: "every option of a oneOf has a title". */
  readonly name: string;
  /** One line per violation, with its place. */
  find(specification: JsonObject): string[];
  /** A property schema that breaks the rule, to see that `find` sees it. */
  readonly broken: JsonObject;
}

const FORBIDDEN_KEYWORDS = [
  '$ref',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'patternProperties',
  'prefixItems',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
];
const SECRET_NAME =
  /secret|token|password|passphrase|(^|_)key(_|$)|service_account|credential|certificate|jwt/i;

export const SPEC_RULES: readonly SpecRule[] = [
  {
    name: 'a oneOf belongs to an object',
    find: (spec) =>
      where(spec, (schema) => 'oneOf' in schema && !typesOf(schema).includes('object')),
    broken: { type: 'string', oneOf: [] },
  },
  {
    name: 'every option of a oneOf has a title and properties',
    find: (spec) =>
      where(spec, (schema) =>
        objectsIn(schema.oneOf).some(
          (option) => typeof option.title !== 'string' || !isJsonObject(option.properties),
        ),
      ),
    broken: { type: 'object', oneOf: [{ properties: {} }] },
  },
  {
    name: 'the options of a oneOf share exactly one constant, which is its own default',
    find: (spec) => where(spec, (schema) => 'oneOf' in schema && !hasOneDiscriminator(schema)),
    broken: {
      type: 'object',
      oneOf: [
        { title: 'A', properties: { kind: { const: 'a' } } },
        { title: 'B', properties: { kind: { const: 'b', default: 'a' } } },
      ],
    },
  },
  {
    name: 'no keyword is used that the platform does not know',
    find: (spec) =>
      where(spec, (schema) => FORBIDDEN_KEYWORDS.some((keyword) => keyword in schema)),
    broken: { anyOf: [{ type: 'string' }] },
  },
  {
    name: 'unknown properties are welcome',
    find: (spec) => where(spec, ({ additionalProperties = true }) => additionalProperties !== true),
    broken: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
  },
  {
    name: 'a string whose name sounds secret is one',
    find: (spec) =>
      properties(spec)
        .filter(({ name }) => SECRET_NAME.test(name))
        .filter(
          ({ schema }) => typesOf(schema).includes('string') && schema.airbyte_secret !== true,
        )
        .map(({ path }) => path),
    broken: { type: 'object', properties: { api_key: { type: 'string' } } },
  },
  {
    name: 'required properties are declared and take no null',
    find: (spec) =>
      where(spec, (schema) =>
        namesIn(schema.required).some((name) => {
          const property = propertiesOf(schema)[name];
          return !isJsonObject(property) || typesOf(property).includes('null');
        }),
      ),
    broken: { type: 'object', required: ['b'], properties: { a: { type: 'string' } } },
  },
  {
    name: 'a type is one word, or one word and null',
    find: (spec) =>
      where(
        spec,
        ({ type }) => Array.isArray(type) && !(type.length === 2 && type.includes('null')),
      ),
    broken: { type: ['string', 'integer'] },
  },
  {
    name: 'an array says what its items are',
    find: (spec) =>
      where(spec, (schema) => typesOf(schema).includes('array') && !isJsonObject(schema.items)),
    broken: { type: 'array' },
  },
  {
    name: 'an object has properties or options',
    find: (spec) =>
      where(
        spec,
        (schema) =>
          typesOf(schema).includes('object') &&
          !('oneOf' in schema) &&
          Object.keys(propertiesOf(schema)).length === 0,
      ),
    broken: { type: 'object' },
  },
  {
    name: 'a date has a pattern',
    find: (spec) =>
      where(
        spec,
        ({ format, pattern }) => textOf(format).startsWith('date') && pattern === undefined,
      ),
    broken: { type: 'string', format: 'date-time' },
  },
  {
    name: 'no two properties of a level have the same order',
    find: (spec) =>
      where(spec, (schema) =>
        hasRepeats(
          objectsIn(Object.values(propertiesOf(schema))).flatMap(({ order = null }) =>
            order === null ? [] : [order],
          ),
        ),
      ),
    broken: { type: 'object', properties: { a: { order: 1 }, b: { order: 1 } } },
  },
  {
    name: 'display_type stands on a oneOf only',
    find: (spec) => where(spec, (schema) => 'display_type' in schema && !('oneOf' in schema)),
    broken: { type: 'string', display_type: 'radio' },
  },
  {
    name: 'an enum names each value once',
    find: (spec) => where(spec, (schema) => Array.isArray(schema.enum) && hasRepeats(schema.enum)),
    broken: { type: 'string', enum: ['a', 'a'] },
  },
];

function where(specification: JsonObject, breaks: (schema: JsonObject) => boolean): string[] {
  return [...subschemas(specification)]
    .filter(({ schema }) => breaks(schema))
    .map(({ path }) => path);
}

function properties(
  specification: JsonObject,
): { readonly name: string; readonly path: string; readonly schema: JsonObject }[] {
  return [...subschemas(specification)].flatMap(({ path, schema }) => {
    const name = /\/properties\/([^/]+)$/.exec(path)?.[1];
    return name === undefined ? [] : [{ name, path, schema }];
  });
}

function hasOneDiscriminator(schema: JsonObject): boolean {
  const options = objectsIn(schema.oneOf).map(propertiesOf);
  const [first = {}, ...others] = options;
  const shared = Object.keys(first).filter((name) => others.every((option) => name in option));
  const constants = shared.filter((name) =>
    options.every((option) => isJsonObject(option[name]) && 'const' in option[name]),
  );
  const [name] = constants;
  if (name === undefined || constants.length > 1) return false;
  const values = objectsIn(options.map((option) => option[name] ?? null));
  return (
    values.every((value) => value.default === value.const && hasNoOtherValue(value)) &&
    !hasRepeats(values.flatMap((value) => (value.const === undefined ? [] : [value.const])))
  );
}

function hasNoOtherValue(schema: JsonObject): boolean {
  const values = schema.enum;
  return values === undefined || JSON.stringify(values) === JSON.stringify([schema.const]);
}

function namesIn(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((name) => typeof name === 'string')
    : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function hasRepeats(values: readonly Json[]): boolean {
  return new Set(values).size < values.length;
}
