import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

interface Crc32Exports {
  foldCrc32(from: number, length: number, window: number): void;
}

// Built from assembly/.
const CRC32_MODULE = new URL(import.meta.resolve('#wasm/crc32.wasm'));

const WASM_PAGE_BYTES = 1 << 16;
/** How many bytes after a page are read and written while it is transcoded. */
export const GUARD_BYTES = 128;
/** Bytes of a slot. A page holds 1 MB of items; as DynamoDB JSON it is rarely more than three times that. */
export const SLOT_BYTES = 1 << 22;

// See assembly/crc32.ts.
const WINDOW_BYTES = 16_384;
const RESIDUE_BYTES = 4800;
const BLOCK_BYTES = 16;
// Below this, Node's own CRC-32 is as fast.
const WORTH_FOLDING_BYTES = 1 << 15;
// zlib takes and returns the complement of the register: this value makes it begin with zero.
const ZERO_REGISTER = 0xffffffff;

/**
 * WebAssembly memory in which pages are gathered and then transcoded in place.
 *
 * It never grows, so that its bytes stay where they are while the kernel writes them out. Memory counts only once it
 * is touched, so there may be many large slots.
 */
export class PageMemory {
  readonly memory: WebAssembly.Memory;
  readonly #windowAddress: number;
  readonly #free: Buffer[] = [];
  #fold: Crc32Exports | undefined;

  /**
   * @param slots the largest number of pages in it.
   * @param reservedBytes at its beginning, for the transcoder.
   */
  constructor(slots: number, reservedBytes: number) {
    const windowAddress = BLOCK_BYTES * Math.ceil(reservedBytes / BLOCK_BYTES);
    const slotsAddress = windowAddress + WINDOW_BYTES;
    const bytes = slotsAddress + slots * SLOT_BYTES;
    this.memory = createMemory(bytes);
    this.#windowAddress = windowAddress;
    for (let slot = slots - 1; slot >= 0; slot--) {
      const address = slotsAddress + slot * SLOT_BYTES;
      this.#free.push(Buffer.from(this.memory.buffer, address, SLOT_BYTES - GUARD_BYTES));
    }
  }

  /** Lends a slot; undefined when all are lent. */
  acquire(): Buffer | undefined {
    return this.#free.pop();
  }

  release(slot: Buffer): void {
    this.#free.push(slot);
  }

  /** Computes the same CRC-32 as zlib, several times faster for long bytes that lie in a slot. */
  crc32(bytes: Uint8Array): number {
    const { buffer, byteOffset, length } = bytes;
    if (buffer !== this.memory.buffer || length < WORTH_FOLDING_BYTES) return crc32(bytes);
    this.#fold ??= instantiateCrc32(this.memory);
    const folded = length - (length % BLOCK_BYTES);
    this.#fold.foldCrc32(byteOffset, folded, this.#windowAddress);
    const residue = new Uint8Array(buffer, this.#windowAddress, RESIDUE_BYTES);
    return crc32(bytes.subarray(folded), crc32(residue, ZERO_REGISTER));
  }
}

/** Creates WebAssembly memory of at least this many bytes, all zero. */
export function createMemory(bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / WASM_PAGE_BYTES) });
}

function instantiateCrc32(memory: WebAssembly.Memory): Crc32Exports {
  const module = new WebAssembly.Module(readFileSync(CRC32_MODULE));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Crc32Exports;
}
