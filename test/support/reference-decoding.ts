import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** How numbers stand in a record: bare, or as text. */
export type NumberForm = 'number' | 'string';

/** What is no DynamoDB JSON. */
export class NotDynamoDbJson extends Error {}

// Set before every number that stands bare in JSON, so that its digits survive JSON.parse.
const NUMBER_MARK = '\u0000number ';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const NESTED_TYPES: ReadonlySet<string> = new Set(['M', 'L', 'SS', 'NS', 'BS']);

/**
 * What an attribute value in DynamoDB JSON becomes in a record, bare numbers as `parseKeepingNumbers` marks them. It
 * shares nothing with src/. Throws `NotDynamoDbJson`.
 */
export function decodeValue(value: unknown, numbers: NumberForm = 'number'): Json {
  const [type, content] = readTagged(value);
  switch (type) {
    case 'S':
    case 'B':
      return asString(content);
    case 'N':
      return decodeNumber(content, numbers);
    case 'BOOL':
      if (typeof content !== 'boolean') throw new NotDynamoDbJson('BOOL');
      return content;
    case 'NULL':
      if (content !== true) throw new NotDynamoDbJson('NULL');
      return null;
    case 'M':
      return decodeMembers(content, numbers);
    case 'L':
      return asArray(content).map((member) => decodeValue(member, numbers));
    case 'SS':
    case 'BS':
      return asArray(content).map(asString);
    case 'NS':
      return asArray(content).map((member) => decodeNumber(member, numbers));
    default:
      throw new NotDynamoDbJson(`type ${type}`);
  }
}

/** An item, or a map of attribute values, as an object of JSON. */
export function decodeMembers(members: unknown, numbers: NumberForm = 'number'): JsonObject {
  const entries = Object.entries(asObject(members));
  return Object.fromEntries(entries.map(([name, value]) => [name, decodeValue(value, numbers)]));
}

/** Whether a value is a map, a list or a set. */
export function isNested(value: unknown): boolean {
  return NESTED_TYPES.has(readTagged(value)[0]);
}

/** The items of a page, from the array of them in DynamoDB JSON. */
export function parseItems(itemsJson: string): readonly JsonObject[] {
  return asArray(parseDynamoDbJson(itemsJson)).map(asObject);
}

/** The type of an attribute value, and what stands in it. */
export function readTagged(value: unknown): readonly [string, Json] {
  const [entry, ...others] = Object.entries(asObject(value));
  if (entry === undefined || others.length > 0) throw new NotDynamoDbJson('no tagged value');
  return entry;
}

/** A number as JSON spells it: no plus, no leading zeros, digits on both sides of the point. */
export function normaliseNumber(text: string): string {
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

/** Parses JSON with its numbers as marked text, every digit kept. */
export function parseKeepingNumbers(json: string): Json {
  parseUnmistaken(json);
  const marked = json.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : JSON.stringify(NUMBER_MARK + token),
  );
  return parseUnmistaken(marked);
}

function decodeNumber(content: unknown, numbers: NumberForm): string {
  const text = normaliseNumber(asString(content));
  return numbers === 'string' ? text : NUMBER_MARK + text;
}

function parseDynamoDbJson(json: string): Json {
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
function parseUnmistaken(json: string): Json {
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
      return mapTexts(JSON.parse(plain) as Json, restoreText);
    }
  }
}

function hex(code: number): string {
  return code.toString(16);
}

/** A copy of a JSON value with each of its strings and names mapped. */
function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (isArray(value)) return value.map((member) => mapTexts(member, map));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [map(name), mapTexts(member, map)]));
}

function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value as Json)) return value as JsonObject;
  throw new NotDynamoDbJson('no object');
}

function asArray(value: unknown): readonly Json[] {
  if (isArray(value)) return value;
  throw new NotDynamoDbJson('no array');
}

function asString(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new NotDynamoDbJson('no string');
}
