import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  continues,
  Cursor,
  describeAttribute,
  expect,
  Expected,
  fail,
  OPEN_BRACE,
  OPEN_BRACKET,
  put,
  putBytes,
  QUOTE,
} from './cursor';
import { forgetBytes, hasSeenNonAscii, isInt64, skipString } from './scalars';
import { copyMap, copyTagged, quoteWritten, readTag, skipTagged, Style, Type } from './values';

/** What is known of one top-level attribute; the host writes it, and reads the counts. */
@unmanaged
class Attribute {
  /** Address and length of the bytes that introduce it on the wire: `"name":{"` */
  wire: usize = 0;
  wireLength: usize = 0;
  isEmitted: u32 = 0;
  /** Whether it stays where it is; else it is overwritten by the next one that the host has no room for. */
  isKept: u32 = 0;
  /** The types that the catalog lists, a bit each. */
  listedTypes: u32 = 0;
  /** The attribute that came after it last time, and so will most often come next. */
  next: usize = 0;
  // Behind it, for each type: values of that type, if it is not listed, as f64.
}

const COUNTS_OFFSET: usize = offsetof<Attribute>();

// The two bytes `{"` of the wire are not in the record.
const VALUE_OPENING: usize = 2;

/** The bytes around the data of each record. */
class Line {
  static prefix: usize = 0;
  static prefixLength: usize = 0;
  static suffix: usize = 0;
  static suffixLength: usize = 0;
  /** `"data":` of packed records. */
  static packed: usize = 0;
  static packedLength: usize = 0;
}

/** What records look like. */
class Shape {
  static isPacked: bool = false;
  /** Whether packed records have their `data`. */
  static emitsData: bool = false;
  static isNestedText: bool = false;
  /** Bytes of a record for each byte of its item, at most. */
  static growth: usize = 1;
  static first: usize = 0;
}

export function setLine(prefix: usize, prefixLength: usize, packed: usize, packedLength: usize): void {
  Line.prefix = prefix;
  Line.prefixLength = prefixLength;
  Line.packed = packed;
  Line.packedLength = packedLength;
}

export function setSuffix(suffix: usize, suffixLength: usize): void {
  Line.suffix = suffix;
  Line.suffixLength = suffixLength;
}

export function setShape(
  isPacked: bool,
  emitsData: bool,
  isNestedText: bool,
  isNumberText: bool,
  growth: usize,
): void {
  Shape.isPacked = isPacked;
  Shape.emitsData = emitsData;
  Shape.isNestedText = isNestedText;
  Style.isNumberText = isNumberText;
  Shape.growth = growth;
}

/** Address of the next byte of the input. */
export function getFrom(): usize {
  return Cursor.from;
}

/** Address behind the last byte of the output. */
export function getTo(): usize {
  return Cursor.to;
}

/** Places the cursor: at the first byte of the items behind their `[`. */
export function begin(from: usize, end: usize): void {
  Cursor.from = from;
  Cursor.end = end;
  forgetBytes();
}

/** Whether what was read since `begin` may have a byte that is not ASCII; whether it is UTF-8 was not looked at. */
export function hasNonAscii(): bool {
  return hasSeenNonAscii();
}

/** What an item's record needs beside the item's own bytes, and what stores of whole blocks, 63 bytes at most, overwrite behind it. */
const SLACK: usize = 256;

/**
 * Writes the records of the items from the cursor on, up to the closing `]` or until one more might not fit.
 *
 * Gives the number of records. Whether the items are through is seen at the cursor.
 */
export function transcode(to: usize, toEnd: usize): i32 {
  Cursor.to = to;
  let count = 0;
  while (true) {
    const itemStart = Cursor.from;
    const needed = (Cursor.end - itemStart) * Shape.growth;
    if (toEnd - Cursor.to < needed + Line.prefixLength + SLACK && !fits(toEnd)) return count;
    putBytes(Line.prefix, Line.prefixLength);
    if (Shape.isPacked) copyPacked(itemStart);
    else copyColumns();
    putBytes(Line.suffix, Line.suffixLength);
    count++;
    if (!continues(CLOSE_BRACKET)) {
      if (Cursor.from != Cursor.end) fail(Expected.ItemsEnd, Cursor.from);
      return count;
    }
  }
}

/** Whether the next item itself fits, when all that are left might not. */
function fits(toEnd: usize): bool {
  const itemStart = Cursor.from;
  expect(OPEN_BRACE);
  skipTagged();
  const needed = (Cursor.from - itemStart) * Shape.growth + Line.prefixLength + SLACK;
  Cursor.from = itemStart;
  return toEnd - Cursor.to >= needed;
}

function copyPacked(itemStart: usize): void {
  copyColumns();
  if (!Shape.emitsData) return;
  // Before the closing brace; an item of which no key is emitted has nothing before it.
  Cursor.to--;
  if (load<u8>(Cursor.to - 1) != OPEN_BRACE) put(COMMA);
  putBytes(Line.packed, Line.packedLength);
  Cursor.from = itemStart;
  const start = Cursor.to;
  copyMap(0);
  if (Shape.isNestedText) quoteWritten(start);
  put(CLOSE_BRACE);
}

function copyColumns(): void {
  expect(OPEN_BRACE);
  put(OPEN_BRACE);
  if (load<u8>(Cursor.from) == CLOSE_BRACE) Cursor.from++;
  else {
    let previous: usize = 0;
    let isFirst = true;
    do {
      const attribute = readAttribute(previous);
      previous = attribute;
      const type = readTag();
      if (changetype<Attribute>(attribute).isEmitted) {
        if (!isFirst) put(COMMA);
        isFirst = false;
        copyAttribute(attribute, type);
      } else {
        skipTagged();
        count(attribute, type);
      }
    } while (continues(CLOSE_BRACE));
  }
  put(CLOSE_BRACE);
}

@inline
function copyAttribute(address: usize, type: i32): void {
  const attribute = changetype<Attribute>(address);
  putBytes(attribute.wire, attribute.wireLength - VALUE_OPENING);
  const start = Cursor.to;
  copyTagged(type, 0);
  if (Shape.isNestedText && type >= Type.M) quoteWritten(start);
  const listed = attribute.listedTypes;
  let counted = type;
  if (type == Type.N && !(listed & (1 << Type.WIDE_N)) && listed & (1 << Type.N)) {
    if (!isInt64(start)) counted = Type.WIDE_N;
  }
  if (!(listed & (1 << counted))) count(address, counted);
}

function count(attribute: usize, type: i32): void {
  const address = attribute + COUNTS_OFFSET + ((<usize>type) << 3);
  store<f64>(address, load<f64>(address) + 1);
}

/** Reads `"name":{"`, by the guess that it is the one that came next last time. */
@inline
function readAttribute(previous: usize): usize {
  const guess = previous == 0 ? Shape.first : changetype<Attribute>(previous).next;
  if (guess != 0 && skipWire(guess)) return guess;
  return findAttribute(previous, guess);
}

function findAttribute(previous: usize, guess: usize): usize {
  // Where an optional attribute is missing, the one behind it comes.
  const second: usize = guess == 0 ? 0 : changetype<Attribute>(guess).next;
  if (second != 0 && skipWire(second)) return second;
  const nameStart = Cursor.from;
  skipString();
  const found = describeAttribute(nameStart, Cursor.from);
  Cursor.from = nameStart;
  if (!skipWire(found)) fail(Expected.Value, nameStart);
  if (changetype<Attribute>(found).isKept) {
    if (previous == 0) Shape.first = found;
    else changetype<Attribute>(previous).next = found;
  }
  return found;
}

/** Reads an attribute's introduction, if it is what comes next. */
@inline
function skipWire(address: usize): bool {
  const wire = changetype<Attribute>(address).wire;
  const length = changetype<Attribute>(address).wireLength;
  let compared: usize = 0;
  while (length - compared > 16) {
    const same = i8x16.eq(v128.load(Cursor.from + compared), v128.load(wire + compared));
    if (i8x16.bitmask(same) != 0xffff) return false;
    compared += 16;
  }
  const wanted = (1 << <i32>(length - compared)) - 1;
  const same = i8x16.eq(v128.load(Cursor.from + compared), v128.load(wire + compared));
  if ((i8x16.bitmask(same) & wanted) != wanted) return false;
  Cursor.from += length;
  return true;
}
