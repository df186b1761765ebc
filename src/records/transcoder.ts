import { isUtf8 } from 'node:buffer';
import type { RecordConfig } from '../config/config.ts';
import { M, N, type TypeNumber, WIDE_N } from './attribute-type.ts';
import { type Attribute, Attributes, type UnlistedAttribute } from './attributes.ts';
import { type Cursor, malformed } from './cursor.ts';
import type { ListedAttributes } from './listed-attributes.ts';
import { copyNumber, isInt64 } from './scalars.ts';
import {
  continues,
  copyMap,
  copyNumberAsText,
  copyTagged,
  expect,
  type NumberCopier,
  quoteWritten,
  readTag,
  skipTagged,
  write,
} from './values.ts';

/** What the records of a stream look like. */
export interface RecordOptions {
  /** The bytes of a line before its data: `{"type":"RECORD","record":{"stream":"t","data":` */
  readonly prefix: Uint8Array;
  readonly config: RecordConfig;
  readonly listed: ListedAttributes;
  /** Names of the table's key attributes. */
  readonly keys: readonly string[];
}

/** RECORD lines of one page. The bytes are valid until the transcoder's second call after this one. */
export interface RecordLines {
  readonly lines: Uint8Array;
  readonly recordCount: number;
}

/** The items of a page, within bytes that are followed by at least `GUARD_BYTES` quotes. */
export interface ItemBytes {
  readonly bytes: Uint8Array;
  /** Index of the `[` before the first item. */
  readonly start: number;
  /** Index of the matching `]`. */
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const PACKED_ATTRIBUTE = 'data';
const PACKED_INTRODUCTION = Buffer.from(`"${PACKED_ATTRIBUTE}":`);

const INITIAL_CAPACITY_BYTES = 1 << 20;
// What an item may need beside its own bytes, whose JSON is never longer than their DynamoDB JSON.
const ITEM_OVERHEAD_BYTES = 256;
// JSON text inside a JSON string escapes at most every byte, and packed records repeat the keys.
const LARGEST_GROWTH = 3;

/**
 * Writes RECORD lines straight from the bytes of DynamoDB JSON, in one pass and without making an object of an item.
 *
 * It writes into two buffers by turns, so that one page can be written out while the next is transcoded. Attributes are
 * recognised by guessing: the attribute that followed last time is compared byte by byte, and only looked up when it is
 * another one.
 */
export class RecordTranscoder {
  readonly #options: RecordOptions;
  readonly #copyN: NumberCopier;
  readonly #attributes: Attributes;
  readonly #growth: number;
  readonly #isTextNested: boolean;
  readonly #emitsPacked: boolean;
  readonly #cursor: Cursor;
  #spare: Buffer = Buffer.allocUnsafeSlow(0);
  #first: Attribute | undefined;

  constructor(options: RecordOptions) {
    const { config, listed, keys } = options;
    const isPacked = config.format === 'packed';
    this.#options = options;
    this.#copyN = config.numberValues === 'string' ? copyNumberAsText : copyNumber;
    this.#isTextNested = config.nestedValues === 'string';
    this.#growth = isPacked || this.#isTextNested ? LARGEST_GROWTH : 1;
    this.#emitsPacked = isPacked && (listed === undefined || listed.has(PACKED_ATTRIBUTE));
    this.#attributes = new Attributes(listed, (name, isListed) =>
      isPacked ? isListed && keys.includes(name) : isListed || config.unlistedAttributes === 'emit',
    );
    const empty = Buffer.allocUnsafeSlow(0);
    this.#cursor = { source: empty, from: 0, end: 0, target: empty, to: 0 };
  }

  /**
   * @param emittedAt milliseconds since 1970.
   * @throws SystemError for bytes that are no items in DynamoDB JSON.
   */
  transcode(items: ItemBytes, emittedAt: number): RecordLines {
    if (!isUtf8(items.bytes.subarray(items.start, items.end)))
      throw malformed(items.start, 'UTF-8');
    const cursor = this.#cursor;
    this.#swapTargets();
    cursor.source = items.bytes;
    cursor.from = items.start;
    cursor.end = items.end + 1;
    cursor.to = 0;
    const suffix = Buffer.from(`,"emitted_at":${emittedAt}}}\n`);
    const recordCount = this.#copyItems(cursor, suffix);
    if (cursor.from !== cursor.end) throw malformed(cursor.from, 'the end of the items');
    return { lines: cursor.target.subarray(0, cursor.to), recordCount };
  }

  /** What came that the catalog does not list. */
  listUnlisted(): readonly UnlistedAttribute[] {
    return this.#options.config.format === 'packed' ? [] : this.#attributes.listUnlisted();
  }

  #swapTargets(): void {
    const { target } = this.#cursor;
    this.#cursor.target = this.#spare;
    this.#spare = target;
  }

  #copyItems(cursor: Cursor, suffix: Uint8Array): number {
    let count = 0;
    expect(cursor, OPEN_BRACKET, '"["');
    if (cursor.source[cursor.from] === CLOSE_BRACKET) {
      cursor.from++;
      return 0;
    }
    do {
      this.#reserve(cursor);
      write(cursor, this.#options.prefix);
      if (this.#options.config.format === 'packed') this.#copyPacked(cursor);
      else this.#copyColumns(cursor);
      write(cursor, suffix);
      count++;
    } while (continues(cursor, CLOSE_BRACKET));
    return count;
  }

  /** Makes room for the largest record that the bytes which are left could become. */
  #reserve(cursor: Cursor): void {
    const { target, to } = cursor;
    const overhead = this.#options.prefix.length + ITEM_OVERHEAD_BYTES;
    const needed = to + (cursor.end - cursor.from) * this.#growth + overhead;
    if (needed <= target.length) return;
    const grown = Buffer.allocUnsafeSlow(
      Math.max(needed, Math.round(target.length * 1.25), INITIAL_CAPACITY_BYTES),
    );
    target.copy(grown, 0, 0, to);
    cursor.target = grown;
  }

  #copyPacked(cursor: Cursor): void {
    const itemStart = cursor.from;
    this.#copyColumns(cursor);
    if (!this.#emitsPacked) return;
    const { target } = cursor;
    const isFirst = target[cursor.to - 2] === OPEN_BRACE && target[cursor.to - 1] === CLOSE_BRACE;
    target[cursor.to - 1] = COMMA;
    if (isFirst) cursor.to--;
    write(cursor, PACKED_INTRODUCTION);
    cursor.from = itemStart;
    const start = cursor.to;
    copyMap(cursor, this.#copyN, 0);
    if (this.#isTextNested) quoteWritten(cursor, start);
    cursor.target[cursor.to++] = CLOSE_BRACE;
  }

  #copyColumns(cursor: Cursor): void {
    const { source, target } = cursor;
    expect(cursor, OPEN_BRACE, '"{"');
    target[cursor.to++] = OPEN_BRACE;
    let isFirst = true;
    let previous: Attribute | undefined;
    if (source[cursor.from] === CLOSE_BRACE) cursor.from++;
    else
      do {
        const attribute = this.#readAttribute(cursor, previous);
        previous = attribute;
        const type = readTag(cursor);
        if (attribute.isEmitted) {
          if (!isFirst) target[cursor.to++] = COMMA;
          isFirst = false;
          this.#copyAttribute(cursor, attribute, type);
        } else {
          skipTagged(cursor);
          attribute.unlistedValues[type] = (attribute.unlistedValues[type] ?? 0) + 1;
        }
      } while (continues(cursor, CLOSE_BRACE));
    target[cursor.to++] = CLOSE_BRACE;
  }

  #copyAttribute(cursor: Cursor, attribute: Attribute, type: TypeNumber): void {
    write(cursor, attribute.introduction);
    const start = cursor.to;
    copyTagged(cursor, type, this.#copyN, 0);
    if (this.#isTextNested && type >= M) quoteWritten(cursor, start);
    const { listedTypes, unlistedValues } = attribute;
    let counted = type;
    if (type === N && (listedTypes & (1 << WIDE_N)) === 0 && (listedTypes & (1 << N)) !== 0) {
      if (!isInt64(cursor.target, start, cursor.to)) counted = WIDE_N;
    }
    if ((listedTypes & (1 << counted)) === 0) {
      unlistedValues[counted] = (unlistedValues[counted] ?? 0) + 1;
    }
  }

  /** Reads `"name":{"`, by the guess that it is the one that came next last time. */
  #readAttribute(cursor: Cursor, previous: Attribute | undefined): Attribute {
    const guess = previous === undefined ? this.#first : previous.next;
    if (guess !== undefined) {
      if (skipWire(cursor, guess.wire)) return guess;
      // Where an optional attribute is missing, the one behind it comes.
      const second = guess.next;
      if (second !== undefined && skipWire(cursor, second.wire)) return second;
    }
    if (cursor.source[cursor.from] !== QUOTE) throw malformed(cursor.from, 'an attribute');
    const found = this.#attributes.find(cursor.source, cursor.from, cursor.end);
    cursor.from += found.wire.length;
    if (previous === undefined) this.#first = found;
    else previous.next = found;
    return found;
  }
}

function skipWire(cursor: Cursor, wire: Uint8Array): boolean {
  const { source, from } = cursor;
  for (let i = 0; i < wire.length; i++) if (source[from + i] !== wire[i]) return false;
  cursor.from = from + wire.length;
  return true;
}
