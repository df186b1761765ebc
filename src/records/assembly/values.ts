import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  continues,
  Cursor,
  expect,
  Expected,
  fail,
  OPEN_BRACE,
  OPEN_BRACKET,
  put,
  QUOTE,
} from './cursor';
import { copyNumber, copyString, skipString } from './scalars';

/** DynamoDB's attribute types, numbered as attribute-type.ts does. */
export const enum Type {
  S = 0,
  N = 1,
  B = 2,
  BOOL = 3,
  NULL = 4,
  M = 5,
  L = 6,
  SS = 7,
  NS = 8,
  BS = 9,
  WIDE_N = 10,
}

/** How values are written. */
export class Style {
  static isNumberText: bool = false;
}

// DynamoDB nests 32 levels deep at most.
const DEEPEST_NESTING: i32 = 64;

// The tags of 16 and 32 bits behind `{"`, as little-endian numbers.
const TAG_END: u16 = 0x3a22; // ":
const BOOL_TAG: u32 = 0x4c4f4f42; // BOOL
const NULL_TAG: u32 = 0x4c4c554e; // NULL
const TRUE: u32 = 0x65757274; // true
const FALSE_START: u32 = 0x736c6166; // fals
const NULL_LITERAL: u32 = 0x6c6c756e; // null
const LOWER_E: u8 = 0x65;
const LAST_ASCII: u8 = 0x7f;

/** Reads the tag of a value, of which `{"` was read already: `S":`, `BOOL":` and so on. */
@inline
export function readTag(): i32 {
  const from = Cursor.from;
  if (load<u16>(from + 1) == TAG_END) {
    Cursor.from = from + 3;
    return toScalarType(load<u8>(from));
  }
  return readLongTag();
}

@inline
function toScalarType(letter: u8): i32 {
  if (letter == 0x53) return Type.S;
  if (letter == 0x4e) return Type.N;
  if (letter == 0x4d) return Type.M;
  if (letter == 0x4c) return Type.L;
  if (letter != 0x42) fail(Expected.AttributeType, Cursor.from - 3);
  return Type.B;
}

function readLongTag(): i32 {
  const from = Cursor.from;
  if (load<u8>(from + 1) == 0x53 && load<u16>(from + 2) == TAG_END) {
    Cursor.from = from + 4;
    const letter = load<u8>(from);
    if (letter == 0x53) return Type.SS;
    if (letter == 0x4e) return Type.NS;
    if (letter == 0x42) return Type.BS;
  } else if (load<u16>(from + 4) == TAG_END) {
    Cursor.from = from + 6;
    if (load<u32>(from) == BOOL_TAG) return Type.BOOL;
    if (load<u32>(from) == NULL_TAG) return Type.NULL;
  }
  fail(Expected.AttributeType, from);
  return 0;
}

/** Copies a value whose tag was read, and its closing brace is read too. */
export function copyTagged(type: i32, depth: i32): void {
  switch (type) {
    case Type.S:
    case Type.B:
      copyString();
      break;
    case Type.N:
      copyN();
      break;
    case Type.BOOL:
      copyBoolean();
      break;
    case Type.NULL:
      copyNull();
      break;
    case Type.M:
      copyMap(depth + 1);
      break;
    case Type.L:
      copyList(depth + 1);
      break;
    default:
      copySet(type);
  }
  expect(CLOSE_BRACE);
}

@inline
function copyN(): void {
  if (!Style.isNumberText) return copyNumber();
  put(QUOTE);
  copyNumber();
  put(QUOTE);
}

/** Copies a map of values: `{"name":{"S":"x"},…}` becomes `{"name":"x",…}`. */
export function copyMap(depth: i32): void {
  expect(OPEN_BRACE);
  put(OPEN_BRACE);
  if (load<u8>(Cursor.from) == CLOSE_BRACE) Cursor.from++;
  else {
    while (true) {
      copyString();
      expect(COLON);
      put(COLON);
      copyValue(depth);
      if (!continues(CLOSE_BRACE)) break;
      put(COMMA);
    }
  }
  put(CLOSE_BRACE);
}

function copyList(depth: i32): void {
  expect(OPEN_BRACKET);
  put(OPEN_BRACKET);
  if (load<u8>(Cursor.from) == CLOSE_BRACKET) Cursor.from++;
  else {
    while (true) {
      copyValue(depth);
      if (!continues(CLOSE_BRACKET)) break;
      put(COMMA);
    }
  }
  put(CLOSE_BRACKET);
}

@inline
function copyValue(depth: i32): void {
  if (depth > DEEPEST_NESTING) fail(Expected.ShallowNesting, Cursor.from);
  expect(OPEN_BRACE);
  expect(QUOTE);
  copyTagged(readTag(), depth);
}

function copySet(type: i32): void {
  expect(OPEN_BRACKET);
  put(OPEN_BRACKET);
  if (load<u8>(Cursor.from) == CLOSE_BRACKET) Cursor.from++;
  else {
    while (true) {
      if (type == Type.NS) copyN();
      else copyString();
      if (!continues(CLOSE_BRACKET)) break;
      put(COMMA);
    }
  }
  put(CLOSE_BRACKET);
}

function copyBoolean(): void {
  if (load<u32>(Cursor.from) == TRUE) {
    store<u32>(Cursor.to, TRUE);
    Cursor.from += 4;
    Cursor.to += 4;
  } else {
    if (load<u32>(Cursor.from) != FALSE_START || load<u8>(Cursor.from + 4) != LOWER_E) {
      fail(Expected.Boolean, Cursor.from);
    }
    store<u32>(Cursor.to, FALSE_START);
    store<u8>(Cursor.to + 4, LOWER_E);
    Cursor.from += 5;
    Cursor.to += 5;
  }
}

function copyNull(): void {
  // `NULL` says whether the value is null, and DynamoDB stores nothing but true.
  if (load<u32>(Cursor.from) != TRUE) fail(Expected.True, Cursor.from);
  store<u32>(Cursor.to, NULL_LITERAL);
  Cursor.from += 4;
  Cursor.to += 4;
}

/**
 * Passes over a value whose tag was read, and its closing brace, without writing anything.
 *
 * Only strings and the balance of braces and brackets are looked at: nothing of the value is emitted.
 */
export function skipTagged(): void {
  let depth = 1;
  while (depth > 0) {
    if (Cursor.from >= Cursor.end) fail(Expected.ValueEnd, Cursor.end);
    const byte = load<u8>(Cursor.from);
    if (byte == QUOTE) {
      skipString();
      continue;
    }
    if (byte > LAST_ASCII) fail(Expected.Value, Cursor.from);
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET) depth++;
    else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) depth--;
    Cursor.from++;
  }
}

/** Turns the JSON that was written since `start` into a JSON string that holds it. */
export function quoteWritten(start: usize): void {
  const end = Cursor.to;
  let escapes: usize = 0;
  for (let i = start; i < end; i++) if (needsEscape(load<u8>(i))) escapes++;
  let to = end + escapes + 2;
  Cursor.to = to;
  store<u8>(--to, QUOTE);
  for (let from = end; from > start; ) {
    const byte = load<u8>(--from);
    store<u8>(--to, byte);
    if (needsEscape(byte)) store<u8>(--to, BACKSLASH);
  }
  store<u8>(start, QUOTE);
}

@inline
function needsEscape(byte: u8): bool {
  return byte == QUOTE || byte == BACKSLASH;
}
