import {
  ATTRIBUTE_TABLE_BYTES,
  AttributeTable,
  type DescribeAttribute,
  type SeenAttribute,
} from './attribute-table.ts';
import { malformedAs } from './malformed.ts';
import { normaliseNumber } from './normalise-number.ts';
import { GUARD_BYTES, PageMemory, SLOT_BYTES } from './page-memory.ts';
import {
  compileTranscoder,
  instantiateTranscoder,
  type TranscoderExports,
} from './transcoder-module.ts';

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
  readonly describe: DescribeAttribute;
}

/** RECORD lines in the engine's memory, valid until the second call after the one that gave them. */
export interface EngineOutput {
  readonly lines: Uint8Array;
  readonly recordCount: number;
  /** True only when the items have nothing but ASCII, so that they are UTF-8 without being checked for it. */
  readonly isAscii: boolean;
}

// The module's own data lies in the first kilobytes.
const SETTINGS_ADDRESS = 1 << 16;
const SUFFIX_ADDRESS = SETTINGS_ADDRESS + (1 << 14);
const SUFFIX_CAPACITY = 64;
const ATTRIBUTES_ADDRESS = SETTINGS_ADDRESS + (1 << 15);
const INPUT_ADDRESS = ATTRIBUTES_ADDRESS + ATTRIBUTE_TABLE_BYTES;

// JSON text inside a JSON string escapes at most every byte, and packed records have the keys twice.
const LARGEST_GROWTH = 4;

const QUOTE = 0x22;
const CLOSE_BRACKET = 0x5d;

/**
 * The transcoder's WebAssembly module and its memory: the settings, a table of attributes, an input, two outputs, and
 * slots for pages.
 *
 * One serves all streams of a read, one after the other. Items that lie in a slot are transcoded there, any others are
 * copied into the input. Where they do not fit, the memory is replaced by a larger one without slots until the next
 * stream begins, and the old one stays until its last output is written.
 */
export class TranscoderEngine {
  readonly #compiled = compileTranscoder();
  readonly #slots: number;
  #inputCapacity = SLOT_BYTES;
  #settings: EngineSettings | undefined;
  #pages: PageMemory;
  #bytes: Buffer;
  #module: TranscoderExports | undefined;
  /** Address of the first item. */
  #from = INPUT_ADDRESS;
  #isSecondOutput = false;
  readonly #attributes = new AttributeTable(ATTRIBUTES_ADDRESS);

  /** @param slots pages that are gathered in its memory at most. */
  constructor(slots = 0) {
    this.#slots = slots;
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
    this.#attributes.clear();
    this.#module = undefined;
    // The stream before had a page that was too long for a slot.
    if (this.#inputCapacity > SLOT_BYTES) this.#replaceMemory(SLOT_BYTES, this.#slots);
  }

  /**
   * Transcodes items in DynamoDB JSON, without their brackets. Whether they are UTF-8 is not checked.
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
      if (module.getFrom() > end && parts.length === 0) {
        return { lines, recordCount, isAscii: module.hasNonAscii() === 0 };
      }
      // A page of very many tiny items outgrows the output: its lines are put together here.
      parts.push(Buffer.from(lines));
    }
    return { lines: Buffer.concat(parts), recordCount, isAscii: module.hasNonAscii() === 0 };
  }

  /** The attributes that were seen, as far as there was room to remember them. */
  listSeen(): readonly SeenAttribute[] {
    return this.#attributes.listSeen(this.#bytes);
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
      this.#replaceMemory(2 * (items.length + GUARD_BYTES), 0);
    }
    this.#bytes.set(items, INPUT_ADDRESS);
    return INPUT_ADDRESS;
  }

  /** @param end address behind the items. */
  #prepare(end: number, suffix: Uint8Array): TranscoderExports {
    const module = this.#module ?? this.#open();
    this.#bytes[end] = CLOSE_BRACKET;
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

  #replaceMemory(inputCapacity: number, slots: number): void {
    const attributes = this.#bytes.subarray(0, INPUT_ADDRESS);
    this.#inputCapacity = inputCapacity;
    this.#pages = new PageMemory(slots, this.#ownBytes);
    this.#bytes = Buffer.from(this.#pages.memory.buffer);
    attributes.copy(this.#bytes);
    this.#module = undefined;
  }

  #applySettings(module: TranscoderExports): void {
    const settings = this.#settings;
    if (settings === undefined) throw new TypeError('The engine was not configured.');
    const { prefix, packed } = settings;
    if (prefix.length + packed.length > SUFFIX_ADDRESS - SETTINGS_ADDRESS) {
      throw new RangeError('The names of the stream and its namespace are too long.');
    }
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

  #describeAttribute(from: number, end: number): number {
    const describe = this.#settings?.describe;
    const address = describe && this.#attributes.find(this.#bytes, { from, end }, describe);
    if (address === undefined) throw malformedAs(0, from - this.#from);
    return address;
  }
}
