import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  expect,
  expectCommaOr,
  Expected,
  fail,
  OPEN_BRACE,
  QUOTE,
} from './position';
import { DOT, findDigits, isDigit, skipString, ZERO } from './scalars';
import { NUMBER_OPENING, readTag, skipObject, STRING_OPENING, tagLength, Type } from './values';

/** Compares two values of a type as DynamoDB does, each from behind its opening quote to its closing one. */
@external('host', 'compareValues')
declare function compareValues(type: i32, from: usize, end: usize, other: usize, otherEnd: usize): i32;

/** Whether the name from `from` to `end`, with its quotes, is that of a step of the watched path. */
@external('host', 'isStep')
declare function isStep(step: i32, from: usize, end: usize): i32;

/** What is watched; the host writes what the addresses point at. */
class Watch {
  /** Values of each type, as u32. */
  static counts: usize = 0;
  /** The names below the attribute that lead to the value: the length of each as u32, its bytes with quotes, padding. */
  static steps: usize = 0;
  static stepCount: i32 = 0;
}

/** The largest text and the largest number since `forgetLargest`, from behind their opening quotes; 0 without one. */
class Largest {
  static text: usize = 0;
  static number: usize = 0;
  /** Digits before the point of a plain number; 0 for one in any other form. */
  static integerLength: usize = 0;
}

export function setWatch(counts: usize, steps: usize, stepCount: i32): void {
  Watch.counts = counts;
  Watch.steps = steps;
  Watch.stepCount = stepCount;
}

export function forgetLargest(): void {
  Largest.text = 0;
  Largest.number = 0;
}

export function getLargestFrom(type: i32): usize {
  return type == Type.S ? Largest.text : Largest.number;
}

/** Address of the closing quote of the string that begins at `from`. */
export function findEnd(from: usize): usize {
  return skipString(from - 1) - 1;
}

/** Looks at the watched value of an attribute from its tag on. A map on the way that is none, or lacks it, has none. */
export function watchValue(start: usize): void {
  const from = Watch.stepCount == 0 ? start : findInside(start);
  if (from == 0) return;
  const opening = load<u32>(from);
  if (opening == STRING_OPENING) {
    count(Type.S);
    watchText(from + 3);
  } else if (opening == NUMBER_OPENING) {
    count(Type.N);
    watchNumber(from + 3);
  } else count(readTag(from));
}

@inline
function count(type: i32): void {
  const counter = Watch.counts + ((<usize>type) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Returns the tag of the value that the path leads to from an attribute's tag, or 0 when there is none. */
function findInside(start: usize): usize {
  let from = start;
  let entry = Watch.steps;
  for (let step = 0; step < Watch.stepCount; step++) {
    if (readTag(from) != Type.M) return 0;
    const length = <usize>load<u32>(entry);
    from = findMember(from + tagLength(Type.M), step, entry + 4, length);
    if (from == 0) return 0;
    entry += 4 + ((length + 3) & ~3);
  }
  return from;
}

/** Returns the tag of a map's member, or 0 when the map does not have it. */
function findMember(map: usize, step: i32, name: usize, length: usize): usize {
  let from = expect(map, OPEN_BRACE);
  if (load<u8>(from) == CLOSE_BRACE) return 0;
  do {
    const nameEnd = skipString(from);
    const isFound = isSameName(from, nameEnd, name, length) || isSpelledName(step, from, nameEnd);
    from = expect(expect(nameEnd, COLON), OPEN_BRACE);
    if (load<u8>(from) != QUOTE) fail(Expected.Punctuation, from);
    if (isFound) return from + 1;
    from = skipValue(from + 1);
  } while (expectCommaOr(from++, CLOSE_BRACE) != CLOSE_BRACE);
  return 0;
}

/** Passes over a value from its tag on, and the brace behind it. */
function skipValue(from: usize): usize {
  const type = readTag(from);
  const value = from + tagLength(type);
  return type <= Type.B ? expect(skipString(value), CLOSE_BRACE) : skipObject(value);
}

function isSameName(from: usize, end: usize, name: usize, length: usize): bool {
  return end - from == length && memory.compare(from, name, length) == 0;
}

/** The wire may spell a name with escapes that JSON does not need. */
function isSpelledName(step: i32, from: usize, end: usize): bool {
  return hasBackslash(from, end) && isStep(step, from, end) != 0;
}

function hasBackslash(from: usize, end: usize): bool {
  for (let i = from; i < end; i += 16) {
    const backslashes = i8x16.bitmask(i8x16.eq(v128.load(i), i8x16.splat(BACKSLASH)));
    if (backslashes != 0) return i + ctz(backslashes) < end;
  }
  return false;
}

function watchText(value: usize): void {
  if (Largest.text != 0 && !isLargerText(value)) return;
  Largest.text = value + 1;
}

/**
 * Whether a text is larger than the largest so far, by its UTF-8 bytes. These are the bytes of the wire up to an escape,
 * from which on the host has to compare.
 */
function isLargerText(value: usize): bool {
  const from = value + 1;
  const largest = Largest.text;
  let i: usize = 0;
  while (true) {
    const bytes = v128.load(from + i);
    const same = i8x16.eq(bytes, v128.load(largest + i));
    const ends = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
    const stops = i8x16.bitmask(v128.or(ends, v128.not(same)));
    if (stops == 0) {
      i += 16;
      continue;
    }
    i += ctz(stops);
    const byte = load<u8>(from + i);
    const other = load<u8>(largest + i);
    if (byte == BACKSLASH || other == BACKSLASH) break;
    // A text is larger than its beginning.
    if (other == QUOTE) return byte != QUOTE;
    return byte != QUOTE && byte > other;
  }
  return compareValues(Type.S, from, findEnd(from), largest, findEnd(largest)) > 0;
}

function watchNumber(value: usize): void {
  const from = value + 1;
  const length = measurePlainInteger(from);
  if (Largest.number != 0 && !isLargerNumber(value, length)) return;
  Largest.number = from;
  Largest.integerLength = length;
}

/** Whether a number is larger than the largest so far. `length` is that of its integer if it is plain, else 0. */
function isLargerNumber(value: usize, length: usize): bool {
  const from = value + 1;
  const largest = Largest.number;
  if (length == 0 || Largest.integerLength == 0) {
    return compareValues(Type.N, from, findEnd(from), largest, findEnd(largest)) > 0;
  }
  if (length != Largest.integerLength) return length > Largest.integerLength;
  // The points stand at the same place, and a quote, a point and the digits are in this order.
  for (let i: usize = 0; ; i += 16) {
    const bytes = v128.load(from + i);
    const same = i8x16.eq(bytes, v128.load(largest + i));
    const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE));
    const stops = i8x16.bitmask(v128.or(quotes, v128.not(same)));
    if (stops == 0) continue;
    const at = i + ctz(stops);
    return load<u8>(from + at) > load<u8>(largest + at);
  }
}

/**
 * Digits before the point of a number that is nothing but digits, without zeros before them, and at most a point with
 * digits behind it; 0 for any other form.
 */
function measurePlainInteger(from: usize): usize {
  let length = <usize>ctz(~i8x16.bitmask(findDigits(v128.load(from))));
  if (length == 16) while (isDigit(load<u8>(from + length))) length++;
  if (length == 0 || (length > 1 && load<u8>(from) == ZERO)) return 0;
  let end = from + length;
  if (load<u8>(end) == DOT) {
    do end++;
    while (isDigit(load<u8>(end)));
    if (end == from + length + 1) return 0;
  }
  return load<u8>(end) == QUOTE ? length : 0;
}
