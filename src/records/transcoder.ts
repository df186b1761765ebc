import { isUtf8 } from 'node:buffer';
import type { RecordConfig } from '../config/config.ts';
import { ALL_TYPES, describeType } from './attribute-type.ts';
import type { ListedAttributes } from './listed-attributes.ts';
import { malformed } from './malformed.ts';
import type { PageMemory } from './page-memory.ts';
import { TranscoderEngine } from './transcoder-engine.ts';

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

/** The items of a page. */
export interface ItemBytes {
  readonly bytes: Uint8Array;
  /** Index of the `[` before the first item. */
  readonly start: number;
  /** Index of the matching `]`. */
  readonly end: number;
}

/** An attribute or type that the catalog does not list, and how many values of each type came. */
export interface UnlistedAttribute {
  readonly name: string;
  /** Whether the catalog lists the attribute, with other types. */
  readonly isListed: boolean;
  readonly valuesByType: Readonly<Record<string, number>>;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const PACKED_ATTRIBUTE = 'data';
const NO_LINES = new Uint8Array(0);

/**
 * Writes RECORD lines straight from the bytes of DynamoDB JSON, in one pass and without making an object of an item.
 *
 * The work is done in WebAssembly (assembly/), which copies strings 16 bytes at a time. It writes into two buffers by
 * turns, so that one page can be written out while the next is transcoded.
 */
export class RecordTranscoder {
  readonly #engine: TranscoderEngine;
  readonly #options: RecordOptions;

  /** @param engine may have served another stream before, whose records are written out. */
  constructor(options: RecordOptions, engine: TranscoderEngine = new TranscoderEngine()) {
    const { config, listed, prefix } = options;
    const isPacked = config.format === 'packed';
    this.#engine = engine;
    this.#options = options;
    engine.configure({
      prefix,
      packed: Buffer.from(`"${PACKED_ATTRIBUTE}":`),
      isPacked,
      emitsData: isPacked && this.#isListed(PACKED_ATTRIBUTE),
      isNestedText: config.nestedValues === 'string',
      isNumberText: config.numberValues === 'string',
      describe: (quotedName) => {
        const name = JSON.parse(quotedName) as string;
        return {
          isEmitted: this.#isEmitted(name),
          listedTypes: listed === undefined ? ALL_TYPES : (listed.get(name) ?? 0),
        };
      },
    });
  }

  /** Memory in which pages need not be copied to be transcoded. */
  get pages(): PageMemory {
    return this.#engine.pages;
  }

  /**
   * Items that lie in the transcoder's own memory are transcoded there; what follows them is overwritten.
   *
   * @param emittedAt milliseconds since 1970.
   * @throws SystemError for bytes that are no items in DynamoDB JSON.
   */
  transcode({ bytes, start, end }: ItemBytes, emittedAt: number): RecordLines {
    if (bytes[start] !== OPEN_BRACKET || bytes[end] !== CLOSE_BRACKET || end <= start) {
      throw malformed('an array', 0);
    }
    if (end === start + 1) return { lines: NO_LINES, recordCount: 0 };
    const items = bytes.subarray(start + 1, end);
    const suffix = Buffer.from(`,"emitted_at":${emittedAt}}}\n`);
    const { lines, recordCount, isAscii } = this.#engine.transcode(items, suffix);
    if (!isAscii && !isUtf8(items)) throw malformed('UTF-8', 0);
    return { lines, recordCount };
  }

  /** What came that the catalog does not list, in the order in which it was first seen. */
  listUnlisted(): readonly UnlistedAttribute[] {
    if (this.#options.config.format === 'packed') return [];
    const byName = new Map<string, Record<string, number>>();
    for (const { quotedName, unlistedValues } of this.#engine.listSeen()) {
      if (unlistedValues.every((count) => count === 0)) continue;
      const name = JSON.parse(quotedName) as string;
      // A name that the wire spells in two ways is one attribute.
      const counts = byName.get(name) ?? {};
      byName.set(name, counts);
      addByType(counts, unlistedValues);
    }
    return [...byName].map(([name, valuesByType]) => ({
      name,
      isListed: this.#isListed(name),
      valuesByType,
    }));
  }

  #isListed(name: string): boolean {
    return this.#options.listed === undefined || this.#options.listed.has(name);
  }

  #isEmitted(name: string): boolean {
    const { config, keys } = this.#options;
    if (config.format === 'packed') return this.#isListed(name) && keys.includes(name);
    return this.#isListed(name) || config.unlistedAttributes === 'emit';
  }
}

function addByType(counts: Record<string, number>, values: Float64Array): void {
  values.forEach((count, type) => {
    if (count === 0) return;
    const name = describeType(type);
    counts[name] = (counts[name] ?? 0) + count;
  });
}
