import { TYPE_COUNT } from './attribute-type.ts';

/** What is known about an attribute. */
export interface AttributeFacts {
  readonly name: string;
  /** Whether the catalog lists it. */
  readonly isListed: boolean;
  readonly isEmitted: boolean;
  /** Whether its values, or those of a member inside it, are watched. */
  readonly isWatched: boolean;
  /** Whether it was asked for only to be watched, so that no record has it. */
  readonly isHidden: boolean;
  /** A bit for each type that the catalog lists. */
  readonly listedTypes: number;
}

/** Determines the facts about an attribute when it is first seen; `quotedName` is its name as JSON text. */
export type JudgeAttribute = (quotedName: string) => AttributeFacts;

/** An attribute that was seen: its name as JSON text, and how many values of each unlisted type it had. */
export interface SeenAttribute {
  readonly quotedName: string;
  readonly unlistedValues: Float64Array;
}

// An attribute that there is no room left for is written here. Names have at most 64 KiB, and JSON may need six bytes
// for each byte of a name.
const PASSING_BYTES = 1 << 19;
// A table whose items all have different names would otherwise grow this without limit.
const KEPT_BYTES = 1 << 22;
/** How much of the transcoder's memory the table takes. */
export const ATTRIBUTE_TABLE_BYTES = PASSING_BYTES + KEPT_BYTES;

const OPENING_BRACE_AND_QUOTE = Buffer.from(':{"');

// The bits of `Use` in assembly/transcoder.ts.
const EMITTED = 1;
const WATCHED = 2;
const HIDDEN = 4;

// The layout of `Attribute` in assembly/transcoder.ts: six 32-bit numbers, then a count for each type.
const COUNTS_OFFSET = 24;
const ATTRIBUTE_BYTES = COUNTS_OFFSET + 8 * TYPE_COUNT;

/** Where in the memory a name is, with its quotes: the address of its first byte, and the one after its last byte. */
interface NamePlace {
  readonly from: number;
  readonly end: number;
}

/**
 * The attributes that a stream's items have had so far, as the WebAssembly module knows them.
 *
 * All attributes that there is no room for are written in the same place, so the counts of each are taken from there
 * before the next one comes. They are kept under its name if the catalog lists it, since listed attributes are limited
 * in number; otherwise they go into one sum.
 */
export class AttributeTable {
  readonly #passingAddress: number;
  readonly #firstAddress: number;
  readonly #addresses = new Map<string, number>();
  #nextAddress: number;
  #passing: AttributeFacts | undefined;
  readonly #listedWithoutRoom = new Map<string, Float64Array>();
  #unnamedValues = 0;

  /** @param address where in the module's memory it begins. */
  constructor(address: number) {
    this.#passingAddress = address;
    this.#firstAddress = address + PASSING_BYTES;
    this.#nextAddress = this.#firstAddress;
  }

  /** Address after what is in use. */
  get endAddress(): number {
    return this.#nextAddress;
  }

  /** Lists the attributes that there was room to remember, and those that the catalog lists. */
  listSeen(memory: Buffer): readonly SeenAttribute[] {
    this.#takePassingCounts(memory);
    const kept = [...this.#addresses].map(([quotedName, address]) => ({
      quotedName,
      unlistedValues: viewCounts(memory, address),
    }));
    const others = [...this.#listedWithoutRoom].map(([name, unlistedValues]) => ({
      quotedName: JSON.stringify(name),
      unlistedValues,
    }));
    return [...kept, ...others];
  }

  /** Counts the values of attributes that the catalog does not list and that there was no room to remember. */
  countUnnamed(memory: Buffer): number {
    this.#takePassingCounts(memory);
    return this.#unnamedValues;
  }

  /** Reserves places for attributes, under the usual spelling of their names, before others take the room. */
  reserve(memory: Buffer, names: Iterable<string>, judge: JudgeAttribute): void {
    for (const name of names) {
      const quotedName = JSON.stringify(name);
      const bytes = Buffer.from(quotedName);
      if (!this.#hasRoom(bytes)) return;
      this.#keep(memory, quotedName, { bytes, facts: judge(quotedName) });
    }
  }

  /**
   * Finds or writes the entry of an attribute, and returns its address; undefined if the name is too long.
   *
   * @param memory of the module.
   */
  find(memory: Buffer, { from, end }: NamePlace, judge: JudgeAttribute): number | undefined {
    const quotedName = memory.toString('utf8', from, end);
    const known = this.#addresses.get(quotedName);
    if (known !== undefined) return known;
    const bytes = memory.subarray(from, end);
    const attribute = { bytes, facts: judge(quotedName) };
    if (this.#hasRoom(bytes)) return this.#keep(memory, quotedName, attribute);
    if (sizeOf(bytes) > PASSING_BYTES) return undefined;
    this.#takePassingCounts(memory);
    this.#passing = attribute.facts;
    writeAttribute(memory, this.#passingAddress, { ...attribute, isKept: false });
    return this.#passingAddress;
  }

  #hasRoom(bytes: Buffer): boolean {
    return this.#nextAddress + sizeOf(bytes) <= this.#firstAddress + KEPT_BYTES;
  }

  #keep(memory: Buffer, quotedName: string, attribute: NamedFacts): number {
    const address = this.#nextAddress;
    this.#nextAddress += sizeOf(attribute.bytes);
    this.#addresses.set(quotedName, address);
    writeAttribute(memory, address, { ...attribute, isKept: true });
    return address;
  }

  #takePassingCounts(memory: Buffer): void {
    if (this.#passing === undefined) return;
    const { name, isListed } = this.#passing;
    const counts = viewCounts(memory, this.#passingAddress);
    const sum = counts.reduce((total, count) => total + count, 0);
    if (sum > 0 && isListed) {
      const before = this.#listedWithoutRoom.get(name);
      this.#listedWithoutRoom.set(
        name,
        counts.map((count, type) => count + (before?.[type] ?? 0)),
      );
    } else this.#unnamedValues += sum;
    counts.fill(0);
  }
}

/** An attribute, and its name with quotes as on the wire. */
interface NamedFacts {
  readonly bytes: Buffer;
  readonly facts: AttributeFacts;
}

/** The size of an attribute's entry in bytes. */
function sizeOf({ length }: Buffer): number {
  const wireLength = length + OPENING_BRACE_AND_QUOTE.length;
  // The module compares 16 bytes at a time, and the next entry has to be aligned.
  return 8 * Math.ceil((ATTRIBUTE_BYTES + 16 * Math.ceil(wireLength / 16 + 1)) / 8);
}

function viewCounts({ buffer, byteOffset }: Buffer, address: number): Float64Array {
  return new Float64Array(buffer, byteOffset + address + COUNTS_OFFSET, TYPE_COUNT);
}

function writeAttribute(
  memory: Buffer,
  address: number,
  { bytes, facts, isKept }: NamedFacts & { readonly isKept: boolean },
): void {
  const wire = address + ATTRIBUTE_BYTES;
  memory.set(bytes, wire);
  memory.set(OPENING_BRACE_AND_QUOTE, wire + bytes.length);
  const wireLength = bytes.length + OPENING_BRACE_AND_QUOTE.length;
  const { listedTypes } = facts;
  const words = [wire, wireLength, toUse(facts), Number(isKept), listedTypes, 0];
  words.forEach((word, index) => memory.writeUInt32LE(word, address + 4 * index));
  memory.fill(0, address + COUNTS_OFFSET, address + ATTRIBUTE_BYTES);
}

function toUse({ isEmitted, isWatched, isHidden }: AttributeFacts): number {
  return (isEmitted ? EMITTED : 0) | (isWatched ? WATCHED : 0) | (isHidden ? HIDDEN : 0);
}
