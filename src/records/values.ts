import { B, BOOL, BS, L, M, N, NS, NULL, S, SS, type TypeNumber } from './attribute-type.ts';
import { type Cursor, malformed } from './cursor.ts';
import { copyNumber, copyString, findStringEnd } from './scalars.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LETTER_B = 0x42;
const LETTER_L = 0x4c;
const LETTER_M = 0x4d;
const LETTER_N = 0x4e;
const LETTER_S = 0x53;

// DynamoDB nests 32 levels deep at most.
const DEEPEST_NESTING = 64;

const LITERALS: readonly Uint8Array[] = ['true', 'false', 'null'].map((text) => Buffer.from(text));
const [TRUE, FALSE, NULL_LITERAL] = LITERALS as [Uint8Array, Uint8Array, Uint8Array];
const BOOL_TAG = Buffer.from('BOOL":');
const NULL_TAG = Buffer.from('NULL":');

/**
 * Reads the tag of a value, of which `{"` was read already: `S":`, `BOOL":` and so on.
 *
 * @throws SystemError for a tag that DynamoDB does not know.
 */
export function readTag(cursor: Cursor): TypeNumber {
  const { source, from } = cursor;
  const second = source[from + 1];
  if (second === QUOTE && source[from + 2] === COLON) {
    cursor.from = from + 3;
    return toScalarType(source[from], from);
  }
  if (second === LETTER_S && source[from + 2] === QUOTE && source[from + 3] === COLON) {
    cursor.from = from + 4;
    return toSetType(source[from], from);
  }
  if (skip(cursor, BOOL_TAG)) return BOOL;
  if (skip(cursor, NULL_TAG)) return NULL;
  throw malformed(from, 'an attribute type');
}

function toScalarType(letter: number | undefined, at: number): TypeNumber {
  switch (letter) {
    case LETTER_S:
      return S;
    case LETTER_N:
      return N;
    case LETTER_B:
      return B;
    case LETTER_M:
      return M;
    case LETTER_L:
      return L;
    default:
      throw malformed(at, 'an attribute type');
  }
}

function toSetType(letter: number | undefined, at: number): TypeNumber {
  switch (letter) {
    case LETTER_S:
      return SS;
    case LETTER_N:
      return NS;
    case LETTER_B:
      return BS;
    default:
      throw malformed(at, 'an attribute type');
  }
}

/** How numbers are written: bare, or as text. */
export type NumberCopier = (cursor: Cursor) => void;

/** Copies the text of an `N` as a JSON string. */
export function copyNumberAsText(cursor: Cursor): void {
  cursor.target[cursor.to++] = QUOTE;
  copyNumber(cursor);
  cursor.target[cursor.to++] = QUOTE;
}

/**
 * Copies a value whose tag was read, and its closing brace is read too.
 *
 * @throws SystemError for anything that is not the DynamoDB JSON of such a value.
 */
export function copyTagged(
  cursor: Cursor,
  type: TypeNumber,
  copyN: NumberCopier,
  depth: number,
): void {
  if (type === S || type === B) copyString(cursor);
  else if (type === N) copyN(cursor);
  else if (type === M) copyMap(cursor, copyN, depth + 1);
  else if (type === L) copyList(cursor, copyN, depth + 1);
  else if (type === BOOL) copyBoolean(cursor);
  else if (type === NULL) copyNull(cursor);
  else copySet(cursor, type === NS ? copyN : copyString);
  expect(cursor, CLOSE_BRACE, '"}"');
}

/** Copies a map of values: `{"name":{"S":"x"},…}` becomes `{"name":"x",…}`. */
export function copyMap(cursor: Cursor, copyN: NumberCopier, depth: number): void {
  const { target } = cursor;
  expect(cursor, OPEN_BRACE, '"{"');
  target[cursor.to++] = OPEN_BRACE;
  if (!skipByte(cursor, CLOSE_BRACE)) {
    do {
      copyString(cursor);
      expect(cursor, COLON, '":"');
      target[cursor.to++] = COLON;
      copyValue(cursor, copyN, depth);
    } while (copyComma(cursor, CLOSE_BRACE));
  }
  target[cursor.to++] = CLOSE_BRACE;
}

function copyList(cursor: Cursor, copyN: NumberCopier, depth: number): void {
  const { target } = cursor;
  expect(cursor, OPEN_BRACKET, '"["');
  target[cursor.to++] = OPEN_BRACKET;
  if (!skipByte(cursor, CLOSE_BRACKET)) {
    do copyValue(cursor, copyN, depth);
    while (copyComma(cursor, CLOSE_BRACKET));
  }
  target[cursor.to++] = CLOSE_BRACKET;
}

function copyValue(cursor: Cursor, copyN: NumberCopier, depth: number): void {
  if (depth > DEEPEST_NESTING) throw malformed(cursor.from, 'no deeper nesting');
  expect(cursor, OPEN_BRACE, '"{"');
  expect(cursor, QUOTE, 'an attribute type');
  copyTagged(cursor, readTag(cursor), copyN, depth);
}

function copySet(cursor: Cursor, copyMember: (cursor: Cursor) => void): void {
  const { target } = cursor;
  expect(cursor, OPEN_BRACKET, '"["');
  target[cursor.to++] = OPEN_BRACKET;
  if (!skipByte(cursor, CLOSE_BRACKET)) {
    do copyMember(cursor);
    while (copyComma(cursor, CLOSE_BRACKET));
  }
  target[cursor.to++] = CLOSE_BRACKET;
}

function copyBoolean(cursor: Cursor): void {
  const literal = skip(cursor, TRUE) ? TRUE : skip(cursor, FALSE) ? FALSE : undefined;
  if (literal === undefined) throw malformed(cursor.from, 'true or false');
  write(cursor, literal);
}

function copyNull(cursor: Cursor): void {
  // NULL says whether the value is null, and nothing else can be stored.
  if (!skip(cursor, TRUE)) throw malformed(cursor.from, 'true');
  write(cursor, NULL_LITERAL);
}

/**
 * Passes over a value whose tag was read, and its closing brace, without writing anything.
 *
 * Only strings and the balance of braces and brackets are looked at: nothing of the value is emitted.
 */
export function skipTagged(cursor: Cursor): void {
  const { source, end } = cursor;
  let from = cursor.from;
  let depth = 1;
  while (depth > 0) {
    if (from >= end) throw malformed(end, 'the end of a value');
    const byte = source[from];
    if (byte === QUOTE) from = findStringEnd(source, from, end);
    else {
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
      from++;
    }
  }
  cursor.from = from;
}

/**
 * Turns the JSON that was written since `start` into a JSON string that holds it.
 *
 * The target must have room for as many bytes again.
 */
export function quoteWritten(cursor: Cursor, start: number): void {
  const { target } = cursor;
  const end = cursor.to;
  let escapes = 0;
  for (let i = start; i < end; i++) if (needsEscape(target[i])) escapes++;
  let to = end + escapes + 2;
  cursor.to = to;
  target[--to] = QUOTE;
  for (let from = end - 1; from >= start; from--) {
    const byte = target[from] ?? 0;
    target[--to] = byte;
    if (needsEscape(byte)) target[--to] = BACKSLASH;
  }
  target[start] = QUOTE;
}

function needsEscape(byte: number | undefined): boolean {
  return byte === QUOTE || byte === BACKSLASH;
}

/** Writes bytes as they are. */
export function write(cursor: Cursor, bytes: Uint8Array): void {
  const { target } = cursor;
  let to = cursor.to;
  for (const byte of bytes) target[to++] = byte;
  cursor.to = to;
}

/** Reads one byte that must come next. */
export function expect(cursor: Cursor, byte: number, what: string): void {
  if (cursor.source[cursor.from] !== byte || cursor.from >= cursor.end) {
    throw malformed(cursor.from, what);
  }
  cursor.from++;
}

/** Whether a comma follows (true) or the closing byte (false); either is read. */
export function continues(cursor: Cursor, close: number): boolean {
  const byte = cursor.source[cursor.from];
  if ((byte !== COMMA && byte !== close) || cursor.from >= cursor.end) {
    throw malformed(cursor.from, 'a comma or an end');
  }
  cursor.from++;
  return byte === COMMA;
}

/** Like `continues`, and a comma is written too. */
function copyComma(cursor: Cursor, close: number): boolean {
  if (!continues(cursor, close)) return false;
  cursor.target[cursor.to++] = COMMA;
  return true;
}

function skipByte(cursor: Cursor, byte: number): boolean {
  if (cursor.source[cursor.from] !== byte) return false;
  cursor.from++;
  return true;
}

function skip(cursor: Cursor, bytes: Uint8Array): boolean {
  const { source, from } = cursor;
  for (let i = 0; i < bytes.length; i++) if (source[from + i] !== bytes[i]) return false;
  cursor.from = from + bytes.length;
  return true;
}
