import {
  ALL_TYPES,
  describeType,
  type TypeNumber,
  type TypeSet,
  WIDE_N,
} from './attribute-type.ts';
import { malformed } from './cursor.ts';
import type { ListedAttributes } from './listed-attributes.ts';
import { findStringEnd } from './scalars.ts';

// A table whose items have names of their own would otherwise grow this without end.
const MOST_REMEMBERED_ATTRIBUTES = 10_000;

const AFTER_NAME = Buffer.from(':{"');

/** What is known of one top-level attribute. */
export interface Attribute {
  readonly name: string;
  /** The bytes that introduce it on the wire: `"name":{"`. */
  readonly wire: Uint8Array;
  /** The bytes that introduce it in a record: `"name":`. */
  readonly introduction: Uint8Array;
  readonly isListed: boolean;
  readonly isEmitted: boolean;
  readonly listedTypes: TypeSet;
  /** Values of types that are not listed, by type number. */
  readonly unlistedValues: Float64Array;
  /** The attribute that came after it last time, and so will most often come next. */
  next: Attribute | undefined;
}

/** An attribute or type that the catalog does not list, and how many values of each type came. */
export interface UnlistedAttribute {
  readonly name: string;
  /** Whether the catalog lists the attribute, with other types. */
  readonly isListed: boolean;
  readonly valuesByType: Readonly<Record<string, number>>;
}

/** The attributes of one stream, found by the bytes of their names. */
export class Attributes {
  readonly #listed: ListedAttributes;
  readonly #isEmitted: (name: string, isListed: boolean) => boolean;
  readonly #byWire = new Map<string, Attribute>();

  constructor(listed: ListedAttributes, isEmitted: (name: string, isListed: boolean) => boolean) {
    this.#listed = listed;
    this.#isEmitted = isEmitted;
  }

  /** The attribute whose name begins at `from` with its quote. */
  find(source: Uint8Array, from: number, end: number): Attribute {
    const nameEnd = findStringEnd(source, from, end);
    const wireEnd = nameEnd + AFTER_NAME.length;
    for (let i = 0; i < AFTER_NAME.length; i++) {
      if (source[nameEnd + i] !== AFTER_NAME[i]) throw malformed(nameEnd + i, 'a value');
    }
    const wire = Buffer.from(source.subarray(from, wireEnd));
    const key = wire.toString('latin1');
    const known = this.#byWire.get(key);
    if (known !== undefined) return known;
    const attribute = this.#describe(wire);
    if (this.#byWire.size < MOST_REMEMBERED_ATTRIBUTES) this.#byWire.set(key, attribute);
    return attribute;
  }

  /** What came that the catalog does not list, in the order in which it was first seen. */
  listUnlisted(): readonly UnlistedAttribute[] {
    return [...this.#byWire.values()].filter(hasUnlistedValues).map((attribute) => ({
      name: attribute.name,
      isListed: attribute.isListed,
      valuesByType: countByType(attribute.unlistedValues),
    }));
  }

  #describe(wire: Buffer): Attribute {
    const quoted = wire.subarray(0, wire.length - AFTER_NAME.length);
    const name = JSON.parse(quoted.toString('utf8')) as string;
    const isListed = this.#listed === undefined || this.#listed.has(name);
    return {
      name,
      wire: new Uint8Array(wire),
      introduction: new Uint8Array(wire.subarray(0, quoted.length + 1)),
      isListed,
      isEmitted: this.#isEmitted(name, isListed),
      listedTypes: this.#listed === undefined ? ALL_TYPES : (this.#listed.get(name) ?? 0),
      unlistedValues: new Float64Array(WIDE_N + 1),
      next: undefined,
    };
  }
}

function hasUnlistedValues({ unlistedValues }: Attribute): boolean {
  return unlistedValues.some((count) => count > 0);
}

function countByType(counts: Float64Array): Record<string, number> {
  const present = [...counts.entries()].filter(([, count]) => count > 0);
  return Object.fromEntries(
    present.map(([type, count]: [TypeNumber, number]) => [describeType(type), count]),
  );
}
