import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  copyBytes,
  Position,
  lookUpAttribute,
  expect,
  expectCommaOr,
  Expected,
  fail,
  OPEN_BRACE,
} from './position';
import { forgetBytes, hasFraction, isInt64, skipString } from './scalars';
import {
  copyMap,
  copyMapWithout,
  copyOther,
  copyScalar,
  quoteWritten,
  readTag,
  skipObject,
  Style,
  tagLength,
  Type,
} from './values';

import { forgetLargest, watchValue } from './watch';

export { hasNonAscii } from './scalars';
export { findEnd, getLargestFrom, setWatch } from './watch';

/** What is known about one top-level attribute; the host writes it, and reads the counts. */
@unmanaged
class Attribute {
  /** Address and length of the bytes that introduce it on the wire: `"name":{"` */
  wire: usize = 0;
  wireLength: usize = 0;
  /** A bit for each `Use`. */
  use: u32 = 0;
  /** Whether it stays where it is; otherwise the next attribute that the host has no room for overwrites it. */
  isKept: u32 = 0;
  /** The types that the catalog lists, a bit each. */
  listedTypes: u32 = 0;
  /** The attribute that came after it last time, and so will most often come next. */
  next: usize = 0;
  // After it, for each type: the number of values of that type, if it is not listed, as f64.
}

/** What is made of an attribute, as attribute-table.ts numbers it. */
const enum Use {
  Emitted = 1,
  /** Its values, or those of a member inside it, are counted, and the largest is remembered. */
  Watched = 2,
  /** It was asked for only to be watched, so not even packed records have it. */
  Hidden = 4,
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
  /** Members that are added to the data of each record, after the item's own. */
  static columns: usize = 0;
  static columnsLength: usize = 0;
  /** What stands between two items. */
  static separator: usize = 0;
  static separatorLength: usize = 0;
  /** What a record needs at most, besides what its item's bytes grow to. */
  static overhead: usize = 0;
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

/** Where the hidden attribute of the present item stands, its name included; 0 without one. */
class HiddenMember {
  static from: usize = 0;
  static end: usize = 0;
}

export function setLine(prefix: usize, prefixLength: usize, packed: usize, packedLength: usize): void {
  Line.prefix = prefix;
  Line.prefixLength = prefixLength;
  Line.packed = packed;
  Line.packedLength = packedLength;
  addUpOverhead();
}

export function setSuffix(suffix: usize, suffixLength: usize): void {
  Line.suffix = suffix;
  Line.suffixLength = suffixLength;
  addUpOverhead();
}

export function setColumns(columns: usize, columnsLength: usize): void {
  Line.columns = columns;
  Line.columnsLength = columnsLength;
  addUpOverhead();
}

export function setSeparator(separator: usize, separatorLength: usize): void {
  Line.separator = separator;
  Line.separatorLength = separatorLength;
}

function addUpOverhead(): void {
  Line.overhead = Line.prefixLength + Line.packedLength + Line.columnsLength + Line.suffixLength + SLACK;
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

/** Address of the next item, or after the input when all are done. */
export function getFrom(): usize {
  return Position.from;
}

/** Address after the last byte of the output. */
export function getTo(): usize {
  return Position.to;
}

/** Sets the position to the first byte of the items, after their `[`. */
export function begin(from: usize, end: usize): void {
  Position.from = from;
  Position.end = end;
  forgetBytes();
  forgetLargest();
}

/** The punctuation of a record, and what stores of whole blocks overwrite after it, at most 63 bytes. */
const SLACK: usize = 128;

/**
 * Writes the records of the items from the position on, up to the closing `]` or until one more might not fit.
 *
 * Returns the number of records. The position shows whether all items are done.
 */
export function transcode(to: usize, toEnd: usize): i32 {
  Position.to = to;
  let count = 0;
  while (true) {
    const itemStart = Position.from;
    const needed = (Position.end - itemStart) * Shape.growth;
    if (toEnd - Position.to < needed + Line.overhead && !fits(toEnd)) return count;
    copyBytes(Line.prefix, Position.to, Line.prefixLength);
    const dataStart = Position.to + Line.prefixLength;
    const itemEnd = copyColumns(itemStart, dataStart);
    if (Shape.isPacked && Shape.emitsData) addData(itemStart);
    if (Line.columnsLength != 0) addColumns();
    copyBytes(Line.suffix, Position.to, Line.suffixLength);
    Position.to += Line.suffixLength;
    count++;
    if (load<u8>(itemEnd) == CLOSE_BRACKET) {
      Position.from = itemEnd + 1;
      if (Position.from != Position.end) fail(Expected.ItemsEnd, Position.from);
      return count;
    }
    Position.from = skipSeparator(itemEnd);
  }
}

/** As it has no `]`, the end of the input is not run over. */
@inline
function skipSeparator(from: usize): usize {
  for (let i: usize = 0; i < Line.separatorLength; i++) {
    if (load<u8>(from + i) != load<u8>(Line.separator + i)) fail(Expected.CommaOrEnd, from + i);
  }
  return from + Line.separatorLength;
}

/** Whether the next item fits by itself, if all remaining ones might not. */
function fits(toEnd: usize): bool {
  const itemEnd = skipObject(expect(Position.from, OPEN_BRACE));
  const needed = (itemEnd - Position.from) * Shape.growth + Line.overhead;
  return toEnd - Position.to >= needed;
}

/** Adds the whole item as `data` after the columns that were written. */
function addData(itemStart: usize): void {
  let to = reopenData();
  copyBytes(Line.packed, to, Line.packedLength);
  to += Line.packedLength;
  if (HiddenMember.from == 0) copyMap(itemStart, to, 0);
  else copyMapWithout(itemStart, to, HiddenMember.from, HiddenMember.end);
  HiddenMember.from = 0;
  if (Shape.isNestedText) quoteWritten(to);
  store<u8>(Position.to++, CLOSE_BRACE);
}

/** Adds the run's own columns after everything that was written for the item. */
function addColumns(): void {
  const to = reopenData();
  copyBytes(Line.columns, to, Line.columnsLength);
  Position.to = to + Line.columnsLength;
  store<u8>(Position.to++, CLOSE_BRACE);
}

/** Removes the brace that closes the record's data, and returns where the next column goes. */
function reopenData(): usize {
  let to = Position.to - 1;
  // If nothing of the item is emitted, nothing precedes the column.
  if (load<u8>(to - 1) != OPEN_BRACE) store<u8>(to++, COMMA);
  return to;
}

/** Copies what is emitted of an item's attributes. */
function copyColumns(itemStart: usize, target: usize): usize {
  let from = expect(itemStart, OPEN_BRACE);
  let to = target;
  store<u8>(to++, OPEN_BRACE);
  if (load<u8>(from) == CLOSE_BRACE) from++;
  else {
    let previous: usize = 0;
    let isFirst = true;
    let separator = COMMA;
    do {
      const address = readAttribute(from, previous);
      previous = address;
      const attribute = changetype<Attribute>(address);
      const start = from;
      const use = attribute.use;
      from += attribute.wireLength;
      if (use & Use.Watched) watchValue(from);
      if (use & Use.Emitted) {
        if (!isFirst) store<u8>(to++, COMMA);
        isFirst = false;
        const nameLength = attribute.wireLength - VALUE_OPENING;
        copyBytes(attribute.wire, to, nameLength);
        to += nameLength;
        let valueEnd = copyScalar(from, to);
        if (valueEnd == 0) valueEnd = copyOther(from, to, 0);
        finishValue(address, readTag(from), to);
        to = Position.to;
        from = valueEnd;
      } else {
        const type = readTag(from);
        from = skipObject(from + tagLength(type));
        if (use & Use.Hidden) hideMember(start, from);
        else count(address, type);
      }
      separator = expectCommaOr(from++, CLOSE_BRACE);
    } while (separator == COMMA);
  }
  store<u8>(to, CLOSE_BRACE);
  Position.to = to + 1;
  return from;
}

function hideMember(from: usize, end: usize): void {
  HiddenMember.from = from;
  HiddenMember.end = end;
}

/** Brings the value that was written from `start` on into its final form, and counts it if its type is not listed. */
@inline
function finishValue(address: usize, type: i32, start: usize): void {
  if (Shape.isNestedText && type >= Type.M) quoteWritten(start);
  const listed = changetype<Attribute>(address).listedTypes;
  let counted = type;
  if (type == Type.N && !(listed & (1 << Type.WIDE_N)) && listed & (1 << Type.N)) {
    if (!isInt64(start)) counted = hasFraction(start) ? Type.FRACTION_N : Type.WIDE_N;
  }
  if (!(listed & (1 << counted))) count(address, counted);
}

function count(attribute: usize, type: i32): void {
  const address = attribute + COUNTS_OFFSET + ((<usize>type) << 3);
  store<f64>(address, load<f64>(address) + 1);
}

/** Returns the attribute that `"name":{"` introduces; the first guess is the one that came next last time. */
@inline
function readAttribute(from: usize, previous: usize): usize {
  const guess = previous == 0 ? Shape.first : changetype<Attribute>(previous).next;
  if (guess != 0 && isIntroduced(guess, from)) return guess;
  return findAttribute(from, previous, guess);
}

function findAttribute(from: usize, previous: usize, guess: usize): usize {
  // If an optional attribute is missing, the one after it comes.
  const second: usize = guess == 0 ? 0 : changetype<Attribute>(guess).next;
  if (second != 0 && isIntroduced(second, from)) return second;
  const found = lookUpAttribute(from, skipString(from));
  if (!isIntroduced(found, from)) fail(Expected.Value, from);
  if (changetype<Attribute>(found).isKept) {
    if (previous == 0) Shape.first = found;
    else changetype<Attribute>(previous).next = found;
  }
  return found;
}

/** Whether an attribute's introduction comes next. */
@inline
function isIntroduced(address: usize, from: usize): bool {
  const wire = changetype<Attribute>(address).wire;
  const length = changetype<Attribute>(address).wireLength;
  let compared: usize = 0;
  while (length - compared > 16) {
    const same = i8x16.eq(v128.load(from + compared), v128.load(wire + compared));
    if (i8x16.bitmask(same) != 0xffff) return false;
    compared += 16;
  }
  const wanted = (1 << <i32>(length - compared)) - 1;
  const same = i8x16.eq(v128.load(from + compared), v128.load(wire + compared));
  return (i8x16.bitmask(same) & wanted) == wanted;
}
