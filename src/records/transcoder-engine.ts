import { malformedAs } from './malformed.ts';
import { normaliseNumber } from './normalise-number.ts';
import { GUARD_BYTES, PageMemory, SLOT_BYTES } from './page-memory.ts';
import {
  compileTranscoder,
  instantiateTranscoder,
  type TranscoderExports,
} from './transcoder-module.ts';

/** What is known of an attribute; `listedTypes` has a bit for each type that the catalog lists. */
export interface AttributeFacts {
  readonly isEmitted: boolean;
  readonly listedTypes: number;
}

/** What records look like, and how attributes are judged. */
export interface EngineSettings {
  readonly prefix: Uint8Array;
  /** `"data":` of packed records. */
  readonly packed: Uint8Array;
  readonly isPacked: boolean;
  readonly emitsData: boolean;
  readonly isNestedText: boolean;
  readonly isNumberText: boolean;
  /** Judges an attribute when it is first seen; `quotedName` is its name as JSON text. */
  readonly describe: (quotedName: string) => AttributeFacts;
}

/** An attribute that was seen: its name as JSON text, and how many values of each type came that are not listed. */
export interface SeenAttribute {
  readonly quotedName: string;
  readonly unlistedValues: Float64Array;
}

/** RECORD lines in the engine's memory, valid until the second call after the one that gave them. */
export interface EngineOutput {
  readonly lines: Uint8Array;
  readonly recordCount: number;
}

// The module's own data lies in the first kilobytes.
const SETTINGS_ADDRESS = 1 << 16;
const SUFFIX_ADDRESS = SETTINGS_ADDRESS + (1 << 14);
const SUFFIX_CAPACITY = 64;
// An attribute that there is no more room for is described here. Names have 64 KiB at most, and JSON may write each
// byte of them as six.
const PASSING_ADDRESS = SETTINGS_ADDRESS + (1 << 15);
const PASSING_CAPACITY = 1 << 19;
const TABLE_ADDRESS = PASSING_ADDRESS + PASSING_CAPACITY;
// A table whose items have names of their own would otherwise grow this without end.
const TABLE_CAPACITY = 1 << 22;
const INPUT_ADDRESS = TABLE_ADDRESS + TABLE_CAPACITY;

// JSON text inside a JSON string escapes at most every byte, and packed records repeat the keys.
const LARGEST_GROWTH = 3;

const OPENING_BRACE_AND_QUOTE = Buffer.from(':{"');
const QUOTE = 0x22;

// The layout of `Attribute` in assembly/transcoder.ts: six 32-bit numbers, then a count for each type.
const TYPES = 11;
const COUNTS_OFFSET = 24;
const ATTRIBUTE_BYTES = COUNTS_OFFSET + 8 * TYPES;

/**
 * The transcoder's WebAssembly module and its memory: the settings, a table of attributes, an input, two outputs, and
 * slots for pages.
 *
 * One serves all streams of a read, one after the other. Items that lie in a slot are transcoded there, any others are
 * copied into the input. Where they do not fit, the memory is replaced by a larger one without slots, and the old one
 * stays until its last output is written.
 */
export class TranscoderEngine {
  readonly #compiled = compileTranscoder();
  #inputCapacity = SLOT_BYTES;
  #settings: EngineSettings | undefined;
  #pages: PageMemory;
  #bytes: Buffer;
  #module: TranscoderExports | undefined;
  /** Address of the first item. */
  #from = INPUT_ADDRESS;
  #isSecondOutput = false;
  #tableEnd = TABLE_ADDRESS;
  readonly #addresses = new Map<string, number>();

  /** @param slots pages that are gathered in its memory at most. */
  constructor(slots = 0) {
    this.#pages = new PageMemory(slots, this.#ownBytes);
    this.#bytes = Buffer.from(this.#pages.memory.buffer);
  }

  /** Where pages are gathered best. */
  get pages(): PageMemory {
    return this.#pages;
  }

  /** Begins a stream: attributes and counts of the one before are forgotten. */
  configure(settings: EngineSettings): void {
    this.#settings = settings;
    this.#addresses.clear();
    this.#tableEnd = TABLE_ADDRESS;
    this.#module = undefined;
  }

  /**
   * Transcodes items in DynamoDB JSON, without their brackets.
   *
   * @throws SystemError for anything else.
   */
  transcode(items: Uint8Array, suffix: Uint8Array): EngineOutput {
    this.#from = this.#place(items);
    const end = this.#from + items.length;
    const module = this.#prepare(end, suffix);
    this.#isSecondOutput = !this.#isSecondOutput;
    const capacity = this.#outputCapacity;
    const to = INPUT_ADDRESS + this.#inputCapacity + (this.#isSecondOutput ? capacity : 0);
    const parts: Uint8Array[] = [];
    let recordCount = 0;
    module.begin(this.#from, end + 1);
    while (module.getFrom() <= end) {
      const count = module.transcode(to, to + capacity);
      recordCount += count;
      const lines = this.#bytes.subarray(to, module.getTo());
      if (module.getFrom() > end && parts.length === 0) return { lines, recordCount };
      // A page of very many tiny items outgrows the output: its lines are put together here.
      parts.push(Buffer.from(lines));
    }
    return { lines: Buffer.concat(parts), recordCount };
  }

  /** The attributes that were seen, as far as there was room to remember them. */
  listSeen(): readonly SeenAttribute[] {
    const { buffer, byteOffset } = this.#bytes;
    return [...this.#addresses].map(([quotedName, address]) => ({
      quotedName,
      unlistedValues: new Float64Array(buffer, byteOffset + address + COUNTS_OFFSET, TYPES),
    }));
  }

  get #outputCapacity(): number {
    return (LARGEST_GROWTH + 1) * this.#inputCapacity;
  }

  /** Bytes without the slots. */
  get #ownBytes(): number {
    return INPUT_ADDRESS + this.#inputCapacity + 2 * this.#outputCapacity + GUARD_BYTES;
  }

  /** Gives the address at which the items lie in the memory, where they are copied to if they are elsewhere. */
  #place(items: Uint8Array): number {
    if (items.buffer === this.#bytes.buffer) return items.byteOffset;
    if (items.length + GUARD_BYTES > this.#inputCapacity) {
      this.#inputCapacity = 2 * (items.length + GUARD_BYTES);
      this.#replaceMemory();
    }
    this.#bytes.set(items, INPUT_ADDRESS);
    return INPUT_ADDRESS;
  }

  /** @param end address behind the items. */
  #prepare(end: number, suffix: Uint8Array): TranscoderExports {
    const module = this.#module ?? this.#open();
    this.#bytes[end] = 0x5d;
    // The module reads past the end, and must find quotes there so that no string runs on.
    this.#bytes.fill(QUOTE, end + 1, end + GUARD_BYTES);
    this.#bytes.set(suffix.subarray(0, SUFFIX_CAPACITY), SUFFIX_ADDRESS);
    module.setSuffix(SUFFIX_ADDRESS, suffix.length);
    return module;
  }

  #open(): TranscoderExports {
    this.#module = instantiateTranscoder(this.#compiled, this.#pages.memory, {
      fail: (expected, position) => {
        throw malformedAs(expected, position - this.#from);
      },
      normaliseNumber: (from, length, to) => this.#normaliseNumber(from, length, to),
      describeAttribute: (from, end) => this.#describeAttribute(from, end),
    });
    this.#applySettings(this.#module);
    return this.#module;
  }

  #replaceMemory(): void {
    const attributes = this.#bytes.subarray(0, INPUT_ADDRESS);
    this.#pages = new PageMemory(0, this.#ownBytes);
    this.#bytes = Buffer.from(this.#pages.memory.buffer);
    attributes.copy(this.#bytes);
    this.#module = undefined;
  }

  #applySettings(module: TranscoderExports): void {
    const settings = this.#settings;
    if (settings === undefined) throw new TypeError('The engine was not configured.');
    const { prefix, packed } = settings;
    this.#bytes.set(prefix, SETTINGS_ADDRESS);
    this.#bytes.set(packed, SETTINGS_ADDRESS + prefix.length);
    module.setLine(
      SETTINGS_ADDRESS,
      prefix.length,
      SETTINGS_ADDRESS + prefix.length,
      packed.length,
    );
    const { isPacked, emitsData, isNestedText, isNumberText } = settings;
    // A set of `.5` as text is a little longer than on the wire.
    const plainGrowth = isNumberText ? 2 : 1;
    const growth = isPacked || isNestedText ? LARGEST_GROWTH : plainGrowth;
    module.setShape(isPacked, emitsData, isNestedText, isNumberText, growth);
  }

  #normaliseNumber(from: number, length: number, to: number): number {
    const text = normaliseNumber(this.#bytes.toString('latin1', from, from + length));
    return text === undefined ? 0 : this.#bytes.write(text, to, 'latin1');
  }

  /** Finds or writes the record of an attribute, and gives its address. */
  #describeAttribute(from: number, end: number): number {
    const quotedName = this.#bytes.toString('utf8', from, end);
    const known = this.#addresses.get(quotedName);
    if (known !== undefined) return known;
    const wireLength = end - from + OPENING_BRACE_AND_QUOTE.length;
    // The module compares 16 bytes at a time, and the next record has to be aligned.
    const size = ATTRIBUTE_BYTES + 16 * Math.ceil(wireLength / 16 + 1);
    const isKept = this.#tableEnd + size <= INPUT_ADDRESS;
    if (!isKept && size > PASSING_CAPACITY) throw malformedAs(0, from - this.#from);
    const address = isKept ? this.#tableEnd : PASSING_ADDRESS;
    if (isKept) {
      this.#tableEnd += 8 * Math.ceil(size / 8);
      this.#addresses.set(quotedName, address);
    }
    this.#writeAttribute(address, quotedName, from, end, isKept);
    return address;
  }

  #writeAttribute(
    address: number,
    quotedName: string,
    from: number,
    end: number,
    isKept: boolean,
  ): void {
    const facts = this.#settings?.describe(quotedName);
    const wire = address + ATTRIBUTE_BYTES;
    this.#bytes.copy(this.#bytes, wire, from, end);
    OPENING_BRACE_AND_QUOTE.copy(this.#bytes, wire + end - from);
    const words = [
      wire,
      end - from + OPENING_BRACE_AND_QUOTE.length,
      Number(facts?.isEmitted ?? false),
      Number(isKept),
      facts?.listedTypes ?? 0,
      0,
    ];
    words.forEach((word, index) => this.#bytes.writeUInt32LE(word, address + 4 * index));
    this.#bytes.fill(0, address + COUNTS_OFFSET, address + ATTRIBUTE_BYTES);
  }
}
