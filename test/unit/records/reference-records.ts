import type { RecordConfig } from '../../../src/config/config.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import {
  decodeMembers,
  decodeValue,
  isNested,
  normaliseNumber,
  parseItems,
  readTagged,
} from '../../support/reference-decoding.ts';

/** What decides how items become records. */
export interface RecordRules {
  readonly config: RecordConfig;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
}

/** A value of a record; `isText` when it stands there as JSON text. */
export interface ExpectedValue {
  readonly tree: Json;
  readonly isText: boolean;
}

export type ExpectedRecord = ReadonlyMap<string, ExpectedValue>;

/** Values by the type that people read, of an attribute that the catalog does not list so. */
export interface ExpectedUnlisted {
  readonly isListed: boolean;
  readonly valuesByType: Record<string, number>;
}

/** The records of a page of items, from a plain reading of their JSON. */
export function expectRecords(itemsJson: string, rules: RecordRules): readonly ExpectedRecord[] {
  return parseItems(itemsJson).map((item) => expectRecord(item, rules));
}

/** What is to be reported of a page of items in columns. */
export function expectUnlisted(
  itemsJson: string,
  rules: RecordRules,
): ReadonlyMap<string, ExpectedUnlisted> {
  const report = new Map<string, ExpectedUnlisted>();
  if (rules.config.format === 'packed') return report;
  for (const [name, value] of parseItems(itemsJson).flatMap((item) => Object.entries(item))) {
    const mismatch = describeMismatch(name, value, rules);
    if (mismatch === undefined) continue;
    const isListed = isListedIn(rules.schema, name);
    const valuesByType = report.get(name)?.valuesByType ?? {};
    valuesByType[mismatch] = (valuesByType[mismatch] ?? 0) + 1;
    report.set(name, { isListed, valuesByType });
  }
  return report;
}

function expectRecord(item: JsonObject, rules: RecordRules): ExpectedRecord {
  const { config, schema, keys } = rules;
  const isPacked = config.format === 'packed';
  const isText = config.nestedValues === 'string';
  const emitted = Object.entries(item).filter(([name]) =>
    isPacked
      ? keys.includes(name) && isListedIn(schema, name)
      : config.unlistedAttributes === 'emit' || isListedIn(schema, name),
  );
  const values = emitted.map(([name, value]): [string, ExpectedValue] => [
    name,
    { tree: decodeValue(value, config.numberValues), isText: isText && isNested(value) },
  ]);
  if (isPacked && isListedIn(schema, 'data')) {
    values.push(['data', { tree: decodeMembers(item, config.numberValues), isText }]);
  }
  return new Map(values);
}

type Schema = RecordRules['schema'];

function readProperties(schema: Schema): Schema | undefined {
  const properties = schema.properties as Schema | undefined;
  return properties === undefined || Object.keys(properties).length === 0 ? undefined : properties;
}

function isListedIn(schema: Schema, name: string): boolean {
  const properties = readProperties(schema);
  return properties === undefined || Object.hasOwn(properties, name);
}

/** The type by which a value is to be reported; undefined for one that the schema lists. */
function describeMismatch(
  name: string,
  value: unknown,
  { config, schema }: RecordRules,
): string | undefined {
  const [type, content] = readTagged(value);
  const properties = readProperties(schema);
  if (properties === undefined) return undefined;
  if (!Object.hasOwn(properties, name)) return type;
  const { type: listed } = properties[name] as { readonly type?: string | readonly string[] };
  if (listed === undefined) return undefined;
  const types = new Set([listed].flat());
  const [first, ...others] = toJsonTypes(type, content, config);
  if ([first, ...others].some((jsonType) => types.has(jsonType))) return undefined;
  const isWide = others.length === 0 && first === 'number' && types.has('integer');
  if (!isWide) return type;
  return hasFraction(content as string) ? 'N with a fraction' : 'N beyond a 64-bit integer';
}

/** The JSON types that a value is of, the narrowest last. */
function toJsonTypes(
  type: string,
  content: unknown,
  config: RecordConfig,
): readonly [string, ...string[]] {
  const nested = config.nestedValues === 'string';
  switch (type) {
    case 'S':
    case 'B':
      return ['string'];
    case 'N':
      if (config.numberValues === 'string') return ['string'];
      return isInt64(String(content)) ? ['number', 'integer'] : ['number'];
    case 'BOOL':
      return ['boolean'];
    case 'NULL':
      return ['null'];
    case 'M':
      return [nested ? 'string' : 'object'];
    default:
      return [nested ? 'string' : 'array'];
  }
}

function isInt64(text: string): boolean {
  const digits = normaliseNumber(text);
  // A point or an exponent make a column of integers refuse the number, whatever its value.
  if (/[.E]/.test(digits)) return false;
  return BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

/** Whether digits are left behind the point once the exponent has moved it. */
function hasFraction(text: string): boolean {
  const [mantissa = '', exponent = ''] = normaliseNumber(text).split('E');
  if (exponent.startsWith('-')) return true;
  const [, fraction = ''] = mantissa.split('.');
  return BigInt(fraction.length) > BigInt(exponent.replace('+', ''));
}
