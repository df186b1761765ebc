import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  Position,
  expect,
  expectCommaOr,
  Expected,
  fail,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './position';
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
  FRACTION_N = 11,
}

/** How values are written. */
export class Style {
  static isNumberText: bool = false;
}

// DynamoDB nests at most 32 levels deep.
const DEEPEST_NESTING: i32 = 64;

// The tags of 16 and 32 bits after `{"`, as little-endian numbers.
export const STRING_OPENING: u32 = 0x223a2253; // S":"
export const NUMBER_OPENING: u32 = 0x223a224e; // N":"
const TAG_END: u16 = 0x3a22; // ":
const BOOL_TAG: u32 = 0x4c4f4f42; // BOOL
const NULL_TAG: u32 = 0x4c4c554e; // NULL
const TRUE: u32 = 0x65757274; // true
const FALSE_START: u32 = 0x736c6166; // fals
const NULL_LITERAL: u32 = 0x6c6c756e; // null
const LOWER_E: u8 = 0x65;
const EMPTY_MAP: u16 = 0x7d7b; // {}
const EMPTY_ARRAY: u16 = 0x5d5b; // []
const LAST_ASCII: u8 = 0x7f;

/** The type of a value, from its tag after `{"`: `S":`, `BOOL":` and so on. */
@inline
export function readTag(from: usize): i32 {
  return load<u16>(from + 1) == TAG_END ? readShortTag(from) : readLongTag(from);
}

@inline
function readShortTag(from: usize): i32 {
  const letter = load<u8>(from);
  if (letter == 0x53) return Type.S;
  if (letter == 0x4e) return Type.N;
  if (letter == 0x4d) return Type.M;
  if (letter == 0x4c) return Type.L;
  if (letter != 0x42) fail(Expected.AttributeType, from);
  return Type.B;
}

function readLongTag(from: usize): i32 {
  if (load<u8>(from + 1) == 0x53 && load<u16>(from + 2) == TAG_END) {
    const letter = load<u8>(from);
    if (letter == 0x53) return Type.SS;
    if (letter == 0x4e) return Type.NS;
    if (letter == 0x42) return Type.BS;
  } else if (load<u16>(from + 4) == TAG_END) {
    if (load<u32>(from) == BOOL_TAG) return Type.BOOL;
    if (load<u32>(from) == NULL_TAG) return Type.NULL;
  }
  fail(Expected.AttributeType, from);
  return 0;
}

/** The length of a type's tag after `{"`, in bytes. */
@inline
export function tagLength(type: i32): usize {
  if (type == Type.BOOL || type == Type.NULL) return 6;
  return type >= Type.SS ? 4 : 3;
}

/**
 * Copies a string, number, boolean or null from its tag on, and reads the brace after it; returns 0 for any other
 * value.
 */
@inline
export function copyScalar(from: usize, to: usize): usize {
  const opening = load<u32>(from);
  let end: usize = 0;
  if (opening == STRING_OPENING) {
    end = copyString(from + 3, to);
    Position.to = to + (end - from - 3);
  } else if (opening == NUMBER_OPENING) {
    end = copyN(from + 3, to);
  } else if (load<u16>(from + 4) == TAG_END) {
    if (opening == BOOL_TAG) end = copyBoolean(from + 6, to);
    else if (opening == NULL_TAG) end = copyNull(from + 6, to);
  }
  return end == 0 ? 0 : expect(end, CLOSE_BRACE);
}

/** Copies any other value from its tag on, and reads the brace after it. */
export function copyOther(from: usize, to: usize, depth: i32): usize {
  const type = readTag(from);
  const value = from + tagLength(type);
  let end: usize = 0;
  if (type == Type.M) end = copyMap(value, to, depth + 1);
  else if (type >= Type.L) end = copyArray(type, value, to, depth + 1);
  else {
    // A `B`, or a scalar whose value is not what it should be, which is then rejected because it is not a string.
    if (type == Type.N) fail(Expected.Number, value);
    end = copyString(value, to);
    Position.to = to + (end - value);
  }
  return expect(end, CLOSE_BRACE);
}

@inline
function copyN(from: usize, to: usize): usize {
  if (!Style.isNumberText) return copyNumber(from, to);
  store<u8>(to, QUOTE);
  const end = copyNumber(from, to + 1);
  store<u8>(Position.to++, QUOTE);
  return end;
}

/** Copies a map of values: `{"name":{"S":"x"},…}` becomes `{"name":"x",…}`. */
export function copyMap(start: usize, target: usize, depth: i32): usize {
  let from = expect(start, OPEN_BRACE);
  let to = target;
  // The brace, and then the commas.
  let opening = OPEN_BRACE;
  if (load<u8>(from) == CLOSE_BRACE) {
    store<u16>(to, EMPTY_MAP);
    Position.to = to + 2;
    return from + 1;
  }
  while (true) {
    store<u8>(to++, opening);
    const nameEnd = copyString(from, to);
    to += nameEnd - from;
    from = expect(nameEnd, COLON);
    store<u8>(to++, COLON);
    from = copyValue(from, to, depth);
    to = Position.to;
    opening = expectCommaOr(from++, CLOSE_BRACE);
    if (opening == CLOSE_BRACE) break;
  }
  store<u8>(to, CLOSE_BRACE);
  Position.to = to + 1;
  return from;
}

/** The same without the member between two addresses, which is neither the first byte nor the last one of the map. */
export function copyMapWithout(start: usize, target: usize, hidden: usize, hiddenEnd: usize): void {
  let from = expect(start, OPEN_BRACE);
  let to = target;
  store<u8>(to++, OPEN_BRACE);
  let isFirst = true;
  let separator = COMMA;
  do {
    if (from == hidden) from = hiddenEnd;
    else {
      if (!isFirst) store<u8>(to++, COMMA);
      isFirst = false;
      const nameEnd = copyString(from, to);
      to += nameEnd - from;
      from = expect(nameEnd, COLON);
      store<u8>(to++, COLON);
      from = copyValue(from, to, 0);
      to = Position.to;
    }
    separator = expectCommaOr(from++, CLOSE_BRACE);
  } while (separator == COMMA);
  store<u8>(to, CLOSE_BRACE);
  Position.to = to + 1;
}

@inline
function copyValue(start: usize, to: usize, depth: i32): usize {
  if (depth > DEEPEST_NESTING) fail(Expected.ShallowNesting, start);
  const from = expect(start, OPEN_BRACE);
  if (load<u8>(from) != QUOTE) fail(Expected.Punctuation, from);
  const end = copyScalar(from + 1, to);
  return end == 0 ? copyOther(from + 1, to, depth) : end;
}

/** Copies a list, or a set, which is an array of strings on the wire. */
function copyArray(type: i32, start: usize, target: usize, depth: i32): usize {
  let from = expect(start, OPEN_BRACKET);
  let to = target;
  if (load<u8>(from) == CLOSE_BRACKET) {
    store<u16>(to, EMPTY_ARRAY);
    Position.to = to + 2;
    return from + 1;
  }
  let opening = OPEN_BRACKET;
  while (true) {
    store<u8>(to++, opening);
    if (type == Type.L) from = copyValue(from, to, depth);
    else if (type == Type.NS) from = copyN(from, to);
    else {
      const end = copyString(from, to);
      Position.to = to + (end - from);
      from = end;
    }
    to = Position.to;
    opening = expectCommaOr(from++, CLOSE_BRACKET);
    if (opening == CLOSE_BRACKET) break;
  }
  store<u8>(to, CLOSE_BRACKET);
  Position.to = to + 1;
  return from;
}

function copyBoolean(from: usize, to: usize): usize {
  if (load<u32>(from) == TRUE) {
    store<u32>(to, TRUE);
    Position.to = to + 4;
    return from + 4;
  }
  if (load<u32>(from) != FALSE_START || load<u8>(from + 4) != LOWER_E) fail(Expected.Boolean, from);
  store<u32>(to, FALSE_START);
  store<u8>(to + 4, LOWER_E);
  Position.to = to + 5;
  return from + 5;
}

function copyNull(from: usize, to: usize): usize {
  // `NULL` says whether the value is null, and DynamoDB stores only true.
  if (load<u32>(from) != TRUE) fail(Expected.True, from);
  store<u32>(to, NULL_LITERAL);
  Position.to = to + 4;
  return from + 4;
}

/**
 * Passes over what is left of an object, and the brace that closes it.
 *
 * Only strings and the balance of braces and brackets are checked, since nothing of it is emitted.
 */
export function skipObject(start: usize): usize {
  let from = start;
  let depth = 1;
  while (depth > 0) {
    if (from >= Position.end) fail(Expected.ValueEnd, Position.end);
    const byte = load<u8>(from);
    if (byte == QUOTE) {
      from = skipString(from);
      continue;
    }
    if (byte > LAST_ASCII) fail(Expected.Value, from);
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET) depth++;
    else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) depth--;
    from++;
  }
  return from;
}

/** Turns the JSON that was written since `start` into a JSON string that contains it. */
export function quoteWritten(start: usize): void {
  const end = Position.to;
  let escapes: usize = 0;
  for (let i = start; i < end; i++) if (needsEscape(load<u8>(i))) escapes++;
  let to = end + escapes + 2;
  Position.to = to;
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
