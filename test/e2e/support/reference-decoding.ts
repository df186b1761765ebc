import { expect } from 'chai';
import { isJsonObject, parseJsonObject, type Json, type JsonObject } from '../../support/json.ts';

/** How records are configured to look. */
export interface RecordForm {
  readonly nested?: 'json' | 'string';
  readonly numbers?: 'number' | 'string';
}

// Stands before a number that was bare in JSON: no attribute of the tests begins so.
const NUMBER_MARK = '\u0000#';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** The `data` of a RECORD line, its bare numbers as marked text so that no digit is lost. */
export function dataOf(line: string): JsonObject {
  const start = line.indexOf('"data":') + '"data":'.length;
  return parseMarked(line.slice(start, line.lastIndexOf(',"emitted_at":')));
}

/** Expects a record to be what DESIGN says that this item becomes. `item` is DynamoDB JSON. */
export function expectRecord(data: JsonObject, item: JsonObject, form: RecordForm = {}): void {
  expect(Object.keys(data)).to.deep.equal(Object.keys(item));
  for (const [name, value] of Object.entries(item)) {
    const actual = data[name];
    const isText = form.nested === 'string' && isNested(value);
    expect(isText ? parseText(actual) : actual, name).to.deep.equal(decode(value, form));
  }
}

/** What an attribute value becomes; numbers as `dataOf` marks them. */
export function decode(value: Json | undefined, form: RecordForm = {}): Json {
  if (!isJsonObject(value)) throw new Error(`no attribute value: ${JSON.stringify(value)}`);
  const [[type, content] = []] = Object.entries(value);
  const number = (text: Json): Json =>
    (form.numbers === 'string' ? '' : NUMBER_MARK) + normalise(requireText(text));
  switch (type) {
    case 'N':
      return number(content ?? null);
    case 'NS':
      return (content as readonly Json[]).map(number);
    case 'L':
      return (content as readonly Json[]).map((member) => decode(member, form));
    case 'M':
      return decodeMembers(content as JsonObject, form);
    case 'NULL':
      return null;
    case 'S':
    case 'B':
    case 'BOOL':
    case 'SS':
    case 'BS':
      return content ?? null;
    default:
      throw new Error(`no attribute type: ${String(type)}`);
  }
}

/** An item, or a map of attribute values, as an object of JSON. */
export function decodeMembers(members: JsonObject, form: RecordForm = {}): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, decode(member, form)]),
  );
}

/** The JSON object that a text attribute holds, its numbers marked. */
export function parseMarked(json: string): JsonObject {
  return parseJsonObject(markNumbers(json));
}

/** A value that must be text. */
export function requireText(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}

function parseText(text: Json | undefined): Json {
  return JSON.parse(markNumbers(requireText(text))) as Json;
}

function markNumbers(json: string): string {
  return json.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : JSON.stringify(NUMBER_MARK + token),
  );
}

function isNested(value: Json): boolean {
  return ['M', 'L', 'SS', 'NS', 'BS'].includes(Object.keys(value as JsonObject)[0] ?? '');
}

/** A number as JSON may hold it: no plus sign, no leading zeros, digits on both sides of a point. */
function normalise(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [mantissa = '', exponent] = text.replace(/^[+-]/, '').split(/[eE]/);
  const [integer = '', fraction = ''] = mantissa.split('.');
  const whole = integer.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction === '' ? '' : `.${fraction}`;
  return `${sign}${whole}${rest}${exponent === undefined ? '' : `E${exponent}`}`;
}
