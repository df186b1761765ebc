/** Why the input is not DynamoDB JSON. The numbers must match `EXPECTATIONS` in malformed.ts. */
export const enum Expected {
  String = 0,
  StringEnd = 1,
  NoControlCharacter = 2,
  Escape = 3,
  HexadecimalDigit = 4,
  Number = 5,
  AttributeType = 6,
  Value = 7,
  Boolean = 8,
  True = 9,
  ShallowNesting = 10,
  CommaOrEnd = 11,
  ValueEnd = 12,
  Punctuation = 13,
  ItemsEnd = 14,
}

/** Throws in the host, so it never returns. */
@external('host', 'fail')
export declare function fail(expected: i32, position: usize): void;

/**
 * Writes the number text at `from`, of `length` bytes, in JSON's form to `to`; returns its length, or 0 if it is not a
 * number.
 */
@external('host', 'normaliseNumber')
export declare function normaliseNumber(from: usize, length: i32, to: usize): i32;

/** Returns the record of the attribute whose name, with its quotes, begins at `from` and ends before `end`. */
@external('host', 'findAttribute')
export declare function lookUpAttribute(from: usize, end: usize): usize;

/**
 * Where the transcoder stands. Functions that read take an address and return the one after what they have read; those
 * that write take where to begin, and leave their end here. V8 keeps such variables in memory, so if every step went
 * through them, it would have to wait for the store of the step before.
 */
export class Position {
  /** Address of the next item. */
  static from: usize = 0;
  /** Address after the input; quotes follow it. */
  static end: usize = 0;
  /** Address after what was written. */
  static to: usize = 0;
}

export const QUOTE: u8 = 0x22;
export const COMMA: u8 = 0x2c;
export const COLON: u8 = 0x3a;
export const OPEN_BRACKET: u8 = 0x5b;
export const BACKSLASH: u8 = 0x5c;
export const CLOSE_BRACKET: u8 = 0x5d;
export const OPEN_BRACE: u8 = 0x7b;
export const CLOSE_BRACE: u8 = 0x7d;

/**
 * Reads one byte that must come next. It may be neither a quote nor `]`: since those are at the end of the input and
 * after it, no other byte can be mistaken there, and the end need not be checked.
 */
@inline
export function expect(from: usize, byte: u8): usize {
  if (load<u8>(from) != byte) fail(Expected.Punctuation, from);
  return from + 1;
}

/**
 * The byte that comes next, which must be a comma or the closing one. `]` may be the last byte of the input; the next
 * step notices that.
 */
@inline
export function expectCommaOr(from: usize, close: u8): u8 {
  const byte = load<u8>(from);
  if (byte != COMMA && byte != close) fail(Expected.CommaOrEnd, from);
  return byte;
}

/** Copies bytes, 16 at a time: up to 16 bytes after the last one are overwritten too. */
@inline
export function copyBytes(from: usize, to: usize, length: usize): void {
  v128.store(to, v128.load(from));
  for (let i: usize = 16; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}
