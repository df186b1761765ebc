/** Why the input is no DynamoDB JSON. The numbers are known to `EXPECTATIONS` in malformed.ts. */
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

/** Writes the number text at `from`, of `length` bytes, in JSON's form to `to`; gives its length, 0 if it is none. */
@external('host', 'normaliseNumber')
export declare function normaliseNumber(from: usize, length: i32, to: usize): i32;

/** Gives the record of the attribute whose name, with its quotes, begins at `from` and ends before `end`. */
@external('host', 'describeAttribute')
export declare function describeAttribute(from: usize, end: usize): usize;

/** Where the transcoder stands: addresses of the next byte to read, behind the last one, and of the next to write. */
export class Cursor {
  static from: usize = 0;
  static end: usize = 0;
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

/** Reads one byte that must come next. */
@inline
export function expect(byte: u8): void {
  if (load<u8>(Cursor.from) != byte || Cursor.from >= Cursor.end) {
    fail(Expected.Punctuation, Cursor.from);
  }
  Cursor.from++;
}

/** Writes one byte. */
@inline
export function put(byte: u8): void {
  store<u8>(Cursor.to++, byte);
}

/** Whether a comma follows (true) or the closing byte (false); either is read. */
@inline
export function continues(close: u8): bool {
  const byte = load<u8>(Cursor.from);
  if ((byte != COMMA && byte != close) || Cursor.from >= Cursor.end) {
    fail(Expected.CommaOrEnd, Cursor.from);
  }
  Cursor.from++;
  return byte == COMMA;
}

/** Copies bytes, 16 at a time: up to 15 bytes behind the last one are overwritten too. */
@inline
export function putBytes(address: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 16) {
    v128.store(Cursor.to + i, v128.load(address + i));
  }
  Cursor.to += length;
}
