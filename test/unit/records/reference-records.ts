import type { RecordConfig } from '../../../src/config/config.ts';

/** What decides how items become records. */
export interface RecordRules {
  readonly config: RecordConfig;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
}

/** A value of a record; `isText` when it stands there as JSON text. */
export interface ExpectedValue {
  readonly tree: unknown;
  readonly isText: boolean;
}

export type ExpectedRecord = ReadonlyMap<string, ExpectedValue>;

/** Values by the type that people read, of an attribute that the catalog does not list so. */
export interface ExpectedUnlisted {
  readonly isListed: boolean;
  readonly valuesByType: Record<string, number>;
}

/** What is no DynamoDB JSON. */
export class NotDynamoDbJson extends Error {}

type JsonObject = Readonly<Record<string, unknown>>;

// Set before every number that stands bare in JSON, so that its digits survive JSON.parse.
const NUMBER_MARK = '\u0000number ';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Parses JSON with its numbers as marked text, every digit kept. */
export function parseKeepingNumbers(json: string): unknown {
  parseUnmistaken(json);
  const marked = json.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : JSON.stringify(NUMBER_MARK + token),
  );
  return parseUnmistaken(marked);
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

function parseItems(itemsJson: string): readonly JsonObject[] {
  const items = parseJson(itemsJson);
  if (!Array.isArray(items)) throw new NotDynamoDbJson('no array of items');
  return items.map(asObject);
}

function parseJson(json: string): unknown {
  try {
    return parseUnmistaken(json);
  } catch (error) {
    throw new NotDynamoDbJson('no JSON', { cause: error });
  }
}

// Characters that JSON cannot hold bare are moved into the private use area from here on, where the text has none.
const FIRST_STAND_IN = 0xf0000;
const LAST_BARE = 0x5c;

/**
 * Parses JSON as JSON.parse should.
 *
 * V8 of Node 24 may take a member's name that begins with an escape for one that ends in a backslash and that it has
 * seen before, since it compares bytes of the text with the name. Here it is given no escapes.
 */
function parseUnmistaken(json: string): unknown {
  for (let base = FIRST_STAND_IN; ; base += LAST_BARE + 1) {
    const standIns = new RegExp(`[\\u{${hex(base)}}-\\u{${hex(base + LAST_BARE)}}]`, 'gu');
    let moved = 0;
    const plain = json.replace(
      /\\(?:(u[0-9a-fA-F]{4}|["\\/bfnrt])|.)/gs,
      (escape: string, isEscape: string | undefined) => {
        if (isEscape === undefined) return escape;
        const character = JSON.parse(`"${escape}"`) as string;
        // eslint-disable-next-line no-control-regex -- JSON cannot hold these.
        if (!/[\u0000-\u001f"\\]/.test(character)) return character;
        moved++;
        return String.fromCodePoint(base + character.charCodeAt(0));
      },
    );
    if ((plain.match(standIns) ?? []).length === moved) {
      const restoreText = (text: string): string =>
        text.replace(standIns, (found) => String.fromCharCode((found.codePointAt(0) ?? 0) - base));
      return mapTexts(JSON.parse(plain), restoreText);
    }
  }
}

function hex(code: number): string {
  return code.toString(16);
}

/** A copy of a JSON value with each of its strings and names mapped. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((member) => mapTexts(member, map));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [map(name), mapTexts(member, map)]));
}

function expectRecord(item: JsonObject, rules: RecordRules): ExpectedRecord {
  const { config, schema, keys } = rules;
  const isPacked = config.format === 'packed';
  const emitted = Object.entries(item).filter(([name]) =>
    isPacked
      ? keys.includes(name) && isListedIn(schema, name)
      : config.unlistedAttributes === 'emit' || isListedIn(schema, name),
  );
  const values = emitted.map(([name, value]): [string, ExpectedValue] => [
    name,
    { tree: toTree(value, config), isText: config.nestedValues === 'string' && isNested(value) },
  ]);
  if (isPacked && isListedIn(schema, 'data')) {
    const tree = mapMembers(item, config);
    values.push(['data', { tree, isText: config.nestedValues === 'string' }]);
  }
  return new Map(values);
}

function readProperties(schema: JsonObject): JsonObject | undefined {
  const properties = schema.properties as JsonObject | undefined;
  return properties === undefined || Object.keys(properties).length === 0 ? undefined : properties;
}

function isListedIn(schema: JsonObject, name: string): boolean {
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
  return hasFraction(String(content)) ? 'N with a fraction' : 'N beyond a 64-bit integer';
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

function isNested(value: unknown): boolean {
  return ['M', 'L', 'SS', 'NS', 'BS'].includes(readTagged(value)[0]);
}

function toTree(value: unknown, config: RecordConfig): unknown {
  const [type, content] = readTagged(value);
  switch (type) {
    case 'S':
    case 'B':
      return asString(content);
    case 'N':
      return toNumber(content, config);
    case 'BOOL':
      if (typeof content !== 'boolean') throw new NotDynamoDbJson('BOOL');
      return content;
    case 'NULL':
      if (content !== true) throw new NotDynamoDbJson('NULL');
      return null;
    case 'M':
      return mapMembers(asObject(content), config);
    case 'L':
      return asArray(content).map((member) => toTree(member, config));
    case 'SS':
    case 'BS':
      return asArray(content).map(asString);
    case 'NS':
      return asArray(content).map((member) => toNumber(member, config));
    default:
      throw new NotDynamoDbJson(`type ${type}`);
  }
}

function mapMembers(map: JsonObject, config: RecordConfig): unknown {
  return Object.fromEntries(
    Object.entries(map).map(([name, member]) => [name, toTree(member, config)]),
  );
}

function toNumber(content: unknown, config: RecordConfig): string {
  const text = normaliseNumber(asString(content));
  return config.numberValues === 'string' ? text : NUMBER_MARK + text;
}

/** A number as JSON spells it: no plus, no leading zeros, digits on both sides of the point. */
function normaliseNumber(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  const [mantissa = '', exponent, ...moreExponents] = unsigned.toUpperCase().split('E');
  const [integer = '', fraction = '', ...moreFractions] = mantissa.split('.');
  const isNumber =
    /^\d+$/.test(integer + fraction) &&
    (exponent === undefined || /^[+-]?\d+$/.test(exponent)) &&
    moreExponents.length + moreFractions.length === 0;
  if (!isNumber) throw new NotDynamoDbJson('N');
  let significant = integer;
  while (significant.length > 1 && significant.startsWith('0')) significant = significant.slice(1);
  const point = fraction === '' ? '' : `.${fraction}`;
  return `${sign}${significant || '0'}${point}${exponent === undefined ? '' : `E${exponent}`}`;
}

function readTagged(value: unknown): [string, unknown] {
  const [entry, ...others] = Object.entries(asObject(value));
  if (entry === undefined || others.length > 0) throw new NotDynamoDbJson('no tagged value');
  return entry;
}

function asObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new NotDynamoDbJson('no object');
}

function asArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new NotDynamoDbJson('no array');
}

function asString(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new NotDynamoDbJson('no string');
}
