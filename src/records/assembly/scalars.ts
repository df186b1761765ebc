import { Position, Expected, fail, normaliseNumber, QUOTE } from './position';

const SPACE: u8 = 0x20;
const MINUS: u8 = 0x2d;
export const DOT: u8 = 0x2e;
export const ZERO: u8 = 0x30;
const PLUS: u8 = 0x2b;
const UPPER_E: u8 = 0x45;
const LOWER_A: u8 = 0x61;
const LOWER_U: u8 = 0x75;
// Most strings end within two blocks.
const SHORT_STRING: usize = 32;

/** All blocks of strings so far, ORed: it shows any byte above 0x7f. */
let seenInStrings: v128 = i8x16.splat(0);

/** Forgets which bytes have been seen. */
export function forgetBytes(): void {
  seenInStrings = i8x16.splat(0);
}

/**
 * Whether a string since `forgetBytes` had, or may have had, a byte that is not ASCII; only strings can have
 * one. Whether it is UTF-8 is not checked.
 */
export function hasNonAscii(): bool {
  return i8x16.bitmask(seenInStrings) != 0;
}

/** Returns a byte of all ones for each byte that ends a run of plain text: quotes, backslashes, control characters. */
@inline
function findStops(bytes: v128): v128 {
  // With its second bit flipped, a quote is the first number after the control characters, which only change places.
  const turned = v128.xor(bytes, i8x16.splat(0x02));
  const quotesAndControls = i8x16.eq(i8x16.min_u(turned, i8x16.splat(0x20)), turned);
  return v128.or(quotesAndControls, i8x16.eq(bytes, i8x16.splat(0x5c)));
}

/**
 * Finds the end of a string from the first byte after the opening quote, and copies what it passes over to `to`.
 *
 * Escapes that are valid on the wire are valid in a record, so the copy is byte for byte, and a block is stored before
 * it is examined. Quotes follow the input in memory, so the loop ends; it may read and write up to 63 bytes too many.
 * Returns the address of the closing quote.
 */
@inline
function scanString(start: usize, to: usize, isCopying: bool): usize {
  let from = start;
  // A bit for the first byte of the next block, if the last one of this block is a backslash that escapes it.
  let escaped = 0;
  while (true) {
    const bytes = v128.load(from);
    if (isCopying) v128.store(to + (from - start), bytes);
    seenInStrings = v128.or(seenInStrings, bytes);
    const stops = i8x16.bitmask(findStops(bytes));
    if (escaped == 0) {
      if (stops == 0) {
        from += 16;
        if (from - start >= SHORT_STRING) from = skipPlain(from, to + (from - start), isCopying);
        continue;
      }
      const first = from + ctz(stops);
      if (load<u8>(first) == QUOTE) return first;
    }
    const backslashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x5c)));
    escaped = findEscaped(backslashes, escaped);
    const ends = stops & ~backslashes & ~escaped;
    const passed = ends == 0 ? 0xffff : (ends & -ends) - 1;
    checkEscapes(from, bytes, escaped & passed);
    if (ends != 0) {
      const end = from + ctz(ends);
      if (load<u8>(end) != QUOTE) fail(Expected.NoControlCharacter, end);
      return end;
    }
    escaped >>>= 16;
    from += 16;
  }
}

/** Passes over blocks without a stop, 64 bytes at a time, and returns the address of the first block with one. */
function skipPlain(start: usize, target: usize, isCopying: bool): usize {
  let from = start;
  let to = target;
  let seen = seenInStrings;
  while (true) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    if (isCopying) {
      v128.store(to, a);
      v128.store(to, b, 16);
      v128.store(to, c, 32);
      v128.store(to, d, 48);
    }
    seen = v128.or(seen, v128.or(v128.or(a, b), v128.or(c, d)));
    const inA = findStops(a);
    const inB = findStops(b);
    const inC = findStops(c);
    if (v128.any_true(v128.or(v128.or(inA, inB), v128.or(inC, findStops(d))))) {
      seenInStrings = seen;
      if (v128.any_true(inA)) return from;
      if (v128.any_true(inB)) return from + 16;
      return v128.any_true(inC) ? from + 32 : from + 48;
    }
    from += 64;
    to += 64;
  }
}

// The bits of bytes at odd places.
const ODD_PLACES: i32 = 0x2aaaaaaa;

/**
 * Returns a bit for each byte of a block that a backslash before it escapes and, as the 17th, for the byte after it.
 *
 * In a row of backslashes, every second one is escaped. The subtraction handles each row at once: for a row that begins
 * at an even place it leaves bits at even places, and it inverts those of a row that begins at an odd one.
 *
 * @param escaped whether the block's first byte is escaped, 0 or 1.
 * @see https://arxiv.org/abs/1902.08318 for the idea of finding these by arithmetic
 */
@inline
function findEscaped(backslashes: i32, escaped: i32): i32 {
  const left = backslashes & ~escaped;
  const escapesAndEscaped = (((left << 1) | ODD_PLACES) - left) ^ ODD_PLACES;
  return escapesAndEscaped ^ (backslashes | escaped);
}

/**
 * Checks what follows the backslashes: `escaped` has a bit for each such byte of the block at `from`.
 *
 * A byte is valid when both halves of it share a bit: the upper one has one bit for 0x2_, 0x5_, 0x6_ or 0x7_, and the
 * lower one has the bits of the bytes `"` `/`, `\\`, `b` `f` `n`, and `r` `t` that end in it.
 */
@inline
function checkEscapes(from: usize, bytes: v128, escaped: i32): void {
  const byUpper = i8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  const byLower = i8x16(0, 0, 13, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
  const upper = i8x16.swizzle(byUpper, i8x16.shr_u(bytes, 4));
  const lower = i8x16.swizzle(byLower, v128.and(bytes, i8x16.splat(0x0f)));
  const wrong = i8x16.eq(v128.and(upper, lower), i8x16.splat(0));
  let others = i8x16.bitmask(wrong) & escaped;
  while (others != 0) {
    checkUnicodeEscape(from + ctz(others));
    others &= others - 1;
  }
}

/** Copies a JSON string with both quotes; the copy has the same length. Returns the address after the string. */
@inline
export function copyString(from: usize, to: usize): usize {
  if (load<u8>(from) != QUOTE) fail(Expected.String, from);
  store<u8>(to, QUOTE);
  return endString(scanString(from + 1, to + 1, true));
}

/** Passes over a JSON string. */
export function skipString(from: usize): usize {
  if (load<u8>(from) != QUOTE) fail(Expected.String, from);
  return endString(scanString(from + 1, 0, false));
}

/** The address after a closing quote, which must belong to the input. */
@inline
function endString(quote: usize): usize {
  if (quote >= Position.end) fail(Expected.StringEnd, Position.end);
  return quote + 1;
}

@inline
function checkUnicodeEscape(at: usize): void {
  if (load<u8>(at) != LOWER_U) fail(Expected.Escape, at);
  const bytes = v128.load(at, 1);
  const letters = i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(LOWER_A));
  const isHexadecimal = v128.or(findDigits(bytes), i8x16.lt_u(letters, i8x16.splat(6)));
  const others = ~i8x16.bitmask(isHexadecimal) & 0xf;
  if (others != 0) fail(Expected.HexadecimalDigit, at + 1 + ctz(others));
}

/** Returns a byte of all ones for each decimal digit. */
@inline
export function findDigits(bytes: v128): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(ZERO)), i8x16.splat(10));
}

@inline
export function isDigit(byte: u8): bool {
  return <u8>(byte - ZERO) < 10;
}

/**
 * Copies the text of an `N`, which is a string on the wire, as a JSON number with every digit.
 *
 * Digits with at most one point, as DynamoDB writes nearly every number, are copied at once or in one pass; any other
 * form is left to the host.
 */
@inline
export function copyNumber(from: usize, to: usize): usize {
  if (load<u8>(from) != QUOTE) fail(Expected.Number, from);
  let end = copyShortNumber(from, to);
  if (end == 0) end = copyLongNumber(from, to);
  if (end == 0) return copyOddNumber(from, to);
  Position.to = to + (end - from - 2);
  return end;
}

/** Copies a number of at most 16 characters; returns the address after its closing quote, or 0 for any other number. */
@inline
function copyShortNumber(from: usize, to: usize): usize {
  const bytes = v128.load(from, 1);
  v128.store(to, bytes);
  const digits = findDigits(bytes);
  const sign = load<u8>(from, 1) == MINUS ? 1 : 0;
  const integer = from + 1 + sign;
  let others = ~i8x16.bitmask(digits) >> sign;
  const length = ctz(others);
  if (length == 0 || (length > 1 && load<u8>(integer) == ZERO)) return 0;
  let end = integer + length;
  if (load<u8>(end) == DOT) {
    others &= others - 1;
    end = integer + ctz(others);
    if (end == integer + length + 1) return 0;
  }
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** Copies a number digit by digit; returns the address after its closing quote, or 0 if it has another form. */
function copyLongNumber(start: usize, to: usize): usize {
  let from = start + 1;
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
  return isPlain && byte == QUOTE ? from + 1 : 0;
}

/** Copies a number with an exponent, or in a form that JSON does not allow: `+7`, `007`, `.5`. */
function copyOddNumber(from: usize, to: usize): usize {
  const end = skipString(from);
  const written = normaliseNumber(from + 1, <i32>(end - from - 2), to);
  if (written == 0) fail(Expected.Number, from);
  Position.to = to + written;
  return end;
}

const SURE_DIGITS: usize = 18;
// The digits of 2^63 - 1, as text; only numbers of the same length are compared with it.
const LARGEST_INT64 = memory.data<u8>([57, 50, 50, 51, 51, 55, 50, 48, 51, 54, 56, 53, 52, 55, 55, 53, 56, 48, 55]);

/** Whether the number text from `start` to the end of what was written is a 64-bit integer. */
export function isInt64(start: usize): bool {
  const end = Position.to;
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

// No number has as many digits.
const LARGEST_EXPONENT: i32 = 1_000_000;

/** Whether the number text from `start` to the end of what was written has a fraction, once its exponent is applied. */
export function hasFraction(start: usize): bool {
  const end = Position.to;
  let i = start;
  while (i < end && load<u8>(i) != DOT && load<u8>(i) != UPPER_E) i++;
  let places = 0;
  if (i < end && load<u8>(i) == DOT) while (++i < end && isDigit(load<u8>(i))) places++;
  if (i == end) return places > 0;
  const sign = load<u8>(++i);
  if (sign == MINUS) return true;
  if (sign == PLUS) i++;
  let exponent = 0;
  for (; i < end; i++) exponent = min(10 * exponent + load<u8>(i) - ZERO, LARGEST_EXPONENT);
  return places > exponent;
}
