import { compareValues, type OrderedType } from '../../values/compare-values.ts';
import { parseDecimal } from '../../values/decimal.ts';
import type { SeenValues } from '../../values/seen-values.ts';
import { ATTRIBUTE_TYPES, N, nameType, S } from '../attribute-type.ts';
import { malformed } from '../malformed.ts';
import { type SessionArea, WATCH_ROOM } from './session-area.ts';
import type { TranscoderExports } from './transcoder-module.ts';

const COUNT_BYTES = 4;
const COUNTS_BYTES = COUNT_BYTES * ATTRIBUTE_TYPES.length;

/** What a watch works in. */
export interface AttributeWatchInput {
  /** Names of the maps' members that lead from the attribute to the value. */
  readonly steps: readonly string[];
  /** The module's memory. */
  readonly bytes: Buffer;
  readonly area: SessionArea;
}

/** The host's part in watching an attribute: what is too odd for the module, and what the module has seen in a run. */
export class AttributeWatch {
  readonly #steps: readonly string[];
  readonly #bytes: Buffer;
  readonly #counts: Buffer;

  /** @throws RangeError for a path that is too long. */
  constructor({ steps, bytes, area }: AttributeWatchInput) {
    const room = Buffer.concat([Buffer.alloc(COUNTS_BYTES), ...steps.map(encodeStep)]);
    const address = area.write(bytes, WATCH_ROOM, room);
    this.#steps = steps;
    this.#bytes = bytes;
    this.#counts = bytes.subarray(address, address + COUNTS_BYTES);
  }

  /** Tells the module what to watch. */
  install(module: TranscoderExports): void {
    const { byteOffset } = this.#counts;
    module.setWatch(byteOffset, byteOffset + COUNTS_BYTES, this.#steps.length);
  }

  /** Whether the name between two addresses, with its quotes, is that of a step. */
  isStep(step: number, from: number, end: number): boolean {
    return JSON.parse(this.#bytes.toString('utf8', from, end)) === this.#steps[step];
  }

  /** Compares values that the module cannot; each place is from behind the opening quote to the closing one. */
  compare(type: number, a: readonly [number, number], b: readonly [number, number]): number {
    return compareValues(toOrderedType(type), this.#read(type, ...a), this.#read(type, ...b));
  }

  /** What the items of a run have, which is forgotten. */
  take(module: TranscoderExports, items: number): SeenValues {
    const counts: Record<string, number> = {};
    for (const type of ATTRIBUTE_TYPES.keys()) {
      const count = this.#counts.readUInt32LE(COUNT_BYTES * type);
      if (count > 0) counts[nameType(type)] = count;
    }
    this.#counts.fill(0);
    const [text, number] = [this.#readLargest(module, S), this.#readLargest(module, N)];
    return {
      items,
      counts,
      largest: {
        ...(text !== undefined && { S: text }),
        ...(number !== undefined && { N: number }),
      },
    };
  }

  #readLargest(module: TranscoderExports, type: number): string | undefined {
    const from = module.getLargestFrom(type);
    return from === 0 ? undefined : this.#read(type, from, module.findEnd(from));
  }

  /** @throws SystemError for a number that is none. */
  #read(type: number, from: number, end: number): string {
    const text = JSON.parse(this.#bytes.toString('utf8', from - 1, end + 1)) as string;
    if (type === N && parseDecimal(text) === undefined) throw malformed('a number', 0);
    return text;
  }
}

function toOrderedType(type: number): OrderedType {
  return type === S ? 'S' : 'N';
}

/** Its length, the bytes of its name with quotes, and padding. */
function encodeStep(name: string): Buffer {
  const quoted = Buffer.from(JSON.stringify(name));
  const length = Buffer.alloc(COUNT_BYTES);
  length.writeUInt32LE(quoted.length);
  const padding = (COUNT_BYTES - (quoted.length % COUNT_BYTES)) % COUNT_BYTES;
  return Buffer.concat([length, quoted, Buffer.alloc(padding)]);
}
