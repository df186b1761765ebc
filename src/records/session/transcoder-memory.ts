import { GUARD_BYTES, LARGEST_PAGE_BYTES, PageMemory } from '../page-memory.ts';
import { LARGEST_GROWTH } from './run-transcoder.ts';
import { AREA_BYTES } from './session-area.ts';

// The module's own data lies in the first kilobytes. Nothing of it is ever written.
const AREAS_ADDRESS = 1 << 16;
// One is written out while the next page is transcoded into the other.
const OUTPUTS = 2;
// Any item of an input fits, and many more tiny ones than a page contains.
const OUTPUT_BYTES = (LARGEST_GROWTH + 1) * LARGEST_PAGE_BYTES;

/**
 * The memory of all sessions: an area for each, an input for items that lie elsewhere, the outputs, the pages.
 *
 * It is large and costs little: memory counts only once it is touched.
 */
export class TranscoderMemory {
  readonly pages: PageMemory;
  readonly bytes: Buffer;
  readonly #inputAddress: number;

  /**
   * @param pageBytes room for pages that are gathered at the same time.
   * @param areas the largest number of sessions that are open at the same time.
   */
  constructor(pageBytes: number, areas: number) {
    this.#inputAddress = AREAS_ADDRESS + areas * AREA_BYTES;
    this.pages = new PageMemory(pageBytes, this.#outputsAddress + OUTPUTS * OUTPUT_BYTES);
    this.bytes = Buffer.from(this.pages.memory.buffer);
  }

  /** Lists the addresses of the areas, the last one first. */
  listAreas(): number[] {
    const addresses: number[] = [];
    for (let address = this.#inputAddress; address > AREAS_ADDRESS;)
      addresses.push((address -= AREA_BYTES));
    return addresses;
  }

  listOutputs(): readonly Buffer[] {
    return Array.from({ length: OUTPUTS }, (_, index) => {
      const start = this.#outputsAddress + index * OUTPUT_BYTES;
      return this.bytes.subarray(start, start + OUTPUT_BYTES);
    });
  }

  /** Returns the address of items, copied if they lie elsewhere; undefined when they are too long to be copied. */
  place(items: Uint8Array): number | undefined {
    if (items.buffer === this.bytes.buffer) return items.byteOffset;
    if (items.length + GUARD_BYTES > LARGEST_PAGE_BYTES) return undefined;
    this.bytes.set(items, this.#inputAddress);
    return this.#inputAddress;
  }

  get #outputsAddress(): number {
    return this.#inputAddress + LARGEST_PAGE_BYTES;
  }
}
