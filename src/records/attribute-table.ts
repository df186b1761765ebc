import { TYPE_COUNT } from './attribute-type.ts';

/** What is known of an attribute; `listedTypes` has a bit for each type that the catalog lists. */
export interface AttributeFacts {
  readonly isEmitted: boolean;
  readonly listedTypes: number;
}

/** Judges an attribute when it is first seen; `quotedName` is its name as JSON text. */
export type JudgeAttribute = (quotedName: string) => AttributeFacts;

/** An attribute that was seen: its name as JSON text, and how many values of each type came that are not listed. */
export interface SeenAttribute {
  readonly quotedName: string;
  readonly unlistedValues: Float64Array;
}

// An attribute that there is no more room for is written here. Names have 64 KiB at most, and JSON may write each
// byte of them as six.
const PASSING_BYTES = 1 << 19;
// A table whose items have names of their own would otherwise grow this without end.
const KEPT_BYTES = 1 << 22;
/** What the table takes of the transcoder's memory. */
export const ATTRIBUTE_TABLE_BYTES = PASSING_BYTES + KEPT_BYTES;

const OPENING_BRACE_AND_QUOTE = Buffer.from(':{"');

// The layout of `Attribute` in assembly/transcoder.ts: six 32-bit numbers, then a count for each type.
const COUNTS_OFFSET = 24;
const ATTRIBUTE_BYTES = COUNTS_OFFSET + 8 * TYPE_COUNT;

/** Where in the memory a name stands, with its quotes: from the first byte to behind the last one. */
interface NamePlace {
  readonly from: number;
  readonly end: number;
}

/** The attributes that a stream's items have had so far, as the WebAssembly module knows them. */
export class AttributeTable {
  readonly #passingAddress: number;
  readonly #firstAddress: number;
  readonly #addresses = new Map<string, number>();
  #nextAddress: number;

  /** @param address where in the module's memory it begins. */
  constructor(address: number) {
    this.#passingAddress = address;
    this.#firstAddress = address + PASSING_BYTES;
    this.#nextAddress = this.#firstAddress;
  }

  /** Address behind what is in use. */
  get endAddress(): number {
    return this.#nextAddress;
  }

  /** Those that there was room to remember. */
  listSeen({ buffer, byteOffset }: Buffer): readonly SeenAttribute[] {
    return [...this.#addresses].map(([quotedName, address]) => ({
      quotedName,
      unlistedValues: new Float64Array(buffer, byteOffset + address + COUNTS_OFFSET, TYPE_COUNT),
    }));
  }

  /**
   * Finds or writes the record of an attribute, and returns its address; undefined for a name that is too long.
   *
   * @param memory of the module.
   */
  find(memory: Buffer, name: NamePlace, judge: JudgeAttribute): number | undefined {
    const quotedName = memory.toString('utf8', name.from, name.end);
    const known = this.#addresses.get(quotedName);
    if (known !== undefined) return known;
    const wireLength = name.end - name.from + OPENING_BRACE_AND_QUOTE.length;
    // The module compares 16 bytes at a time, and the next record has to be aligned.
    const size = ATTRIBUTE_BYTES + 16 * Math.ceil(wireLength / 16 + 1);
    const isKept = this.#nextAddress + size <= this.#firstAddress + KEPT_BYTES;
    if (!isKept && size > PASSING_BYTES) return undefined;
    const address = isKept ? this.#nextAddress : this.#passingAddress;
    if (isKept) {
      this.#nextAddress += 8 * Math.ceil(size / 8);
      this.#addresses.set(quotedName, address);
    }
    const wire = address + ATTRIBUTE_BYTES;
    memory.copy(memory, wire, name.from, name.end);
    OPENING_BRACE_AND_QUOTE.copy(memory, wire + name.end - name.from);
    const { isEmitted, listedTypes } = judge(quotedName);
    const words = [wire, wireLength, Number(isEmitted), Number(isKept), listedTypes, 0];
    words.forEach((word, index) => memory.writeUInt32LE(word, address + 4 * index));
    memory.fill(0, address + COUNTS_OFFSET, address + ATTRIBUTE_BYTES);
    return address;
  }
}
