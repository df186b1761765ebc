import { BACKSLASH, Cursor, Expected, fail, normaliseNumber, QUOTE } from './cursor';

const SPACE: u8 = 0x20;
const MINUS: u8 = 0x2d;
const DOT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const LOWER_U: u8 = 0x75;

/** Bits of the bytes, of 16 at an address, that end a run of plain text: quotes, backslashes, control characters. */
@inline
function findStops(bytes: v128): i32 {
  const quotes = i8x16.eq(bytes, i8x16.splat(0x22));
  const backslashes = i8x16.eq(bytes, i8x16.splat(0x5c));
  const controls = i8x16.lt_u(bytes, i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(v128.or(quotes, backslashes), controls));
}

/**
 * Finds the end of a string from its first byte behind the opening quote, and copies what it passes over to `to`.
 *
 * Escapes that are right on the wire are right in a record, so the copy is byte for byte, and a block of 16 bytes is
 * stored before it is looked at. Quotes follow the input in memory, so the loop ends; it may read and write up to 15
 * bytes too many. Gives the address of the closing quote.
 */
@inline
function scanString(start: usize, to: usize, isCopying: bool): usize {
  let from = start;
  // The bits of bytes that the last escape of the block before has taken.
  let taken = 0;
  while (true) {
    const bytes = v128.load(from);
    if (isCopying) v128.store(to + (from - start), bytes);
    let stops = findStops(bytes) & ~taken;
    taken = 0;
    while (stops != 0) {
      const at = ctz(stops);
      const stop = load<u8>(from + at);
      if (stop == QUOTE) return from + at;
      if (stop != BACKSLASH) fail(Expected.NoControlCharacter, from + at);
      checkEscape(from + at + 1);
      taken = at == 15 ? 1 : 0;
      stops &= ~(3 << at);
    }
    from += 16;
  }
}

/** Copies a JSON string with both its quotes. */
export function copyString(): void {
  const from = Cursor.from;
  const to = Cursor.to;
  if (load<u8>(from) != QUOTE) fail(Expected.String, from);
  store<u8>(to, QUOTE);
  const end = scanString(from + 1, to + 1, true) + 1;
  if (end > Cursor.end) fail(Expected.StringEnd, Cursor.end);
  Cursor.from = end;
  Cursor.to = to + (end - from);
}

/** Passes over a JSON string. */
export function skipString(): void {
  const from = Cursor.from;
  if (load<u8>(from) != QUOTE) fail(Expected.String, from);
  const end = scanString(from + 1, 0, false) + 1;
  if (end > Cursor.end) fail(Expected.StringEnd, Cursor.end);
  Cursor.from = end;
}

function checkEscape(at: usize): void {
  switch (load<u8>(at)) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return;
    case LOWER_U:
      for (let i: usize = 1; i <= 4; i++) {
        if (!isHexadecimal(load<u8>(at + i))) fail(Expected.HexadecimalDigit, at + i);
      }
      return;
    default:
      fail(Expected.Escape, at);
  }
}

@inline
function isHexadecimal(byte: u8): bool {
  return isDigit(byte) || <u8>((byte | 0x20) - 0x61) < 6;
}

@inline
function isDigit(byte: u8): bool {
  return <u8>(byte - ZERO) < 10;
}

/**
 * Copies the text of an `N`, which the wire holds as a string, as a JSON number with every digit.
 *
 * Digits with at most one point, as DynamoDB writes nearly every number, are copied in one pass; any other form is
 * left to the host.
 */
export function copyNumber(): void {
  const start = Cursor.from + 1;
  let from = start;
  let to = Cursor.to;
  if (load<u8>(Cursor.from) != QUOTE) fail(Expected.Number, Cursor.from);
  let byte = load<u8>(from);
  if (byte == MINUS) {
    store<u8>(to++, byte);
    byte = load<u8>(++from);
  }
  const first = byte;
  const integer = from;
  while (isDigit(byte)) {
    store<u8>(to++, byte);
    byte = load<u8>(++from);
  }
  const digits = from - integer;
  let isPlain = digits == 1 || (digits > 1 && first != ZERO);
  if (byte == DOT) {
    const point = from;
    do {
      store<u8>(to++, byte);
      byte = load<u8>(++from);
    } while (isDigit(byte));
    isPlain = isPlain && from > point + 1;
  }
  if (!isPlain || byte != QUOTE || from >= Cursor.end) return copyOddNumber();
  Cursor.from = from + 1;
  Cursor.to = to;
}

/** A number with an exponent, or in a form that JSON does not know: `+7`, `007`, `.5`. */
function copyOddNumber(): void {
  const start = Cursor.from;
  skipString();
  const length = <i32>(Cursor.from - start - 2);
  const written = normaliseNumber(start + 1, length, Cursor.to);
  if (written == 0) fail(Expected.Number, start);
  Cursor.to += written;
}

const SURE_DIGITS: usize = 18;
// The digits of 2^63 - 1, as text; its length decides before it does.
const LARGEST_INT64 = memory.data<u8>([57, 50, 50, 51, 51, 55, 50, 48, 51, 54, 56, 53, 52, 55, 55, 53, 56, 48, 55]);

/** Whether the number text from `start` up to the cursor's `to` is an integer of 64 bits. */
export function isInt64(start: usize): bool {
  const end = Cursor.to;
  const isNegative = load<u8>(start) == MINUS;
  const digits = isNegative ? start + 1 : start;
  for (let i = digits; i < end; i++) if (!isDigit(load<u8>(i))) return false;
  const length = end - digits;
  if (length != SURE_DIGITS + 1) return length <= SURE_DIGITS;
  for (let i: usize = 0; i < length; i++) {
    const digit = load<u8>(digits + i);
    const largest = load<u8>(LARGEST_INT64 + i);
    if (digit != largest) {
      // -2^63 ends in 8, one more than 2^63 - 1.
      return digit < largest || (isNegative && i == SURE_DIGITS && digit == largest + 1);
    }
  }
  return true;
}
