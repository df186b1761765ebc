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
/**
 * Bytes of the longest page that is gathered here. A page holds 1 MB of items; as DynamoDB JSON it is usually 1.0 to 1.5
 * times that, lists of numbers are 3.3 times, control characters 6, and lists of booleans 7.5.
 */
export const LARGEST_PAGE_BYTES = 1 << 23;
// Stretches begin and end at multiples of this, so that pages of about the same size fit into each other's places.
const GRAIN_BYTES = 1 << 18;
// Stretches of several sizes leave gaps between them. The lowest gap is taken first, so what lies above is touched when
// it is needed.
const ROOM_FOR_GAPS = 3;

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
 * is touched, so it may be large.
 */
export class PageMemory {
  readonly memory: WebAssembly.Memory;
  readonly #windowAddress: number;
  readonly #startAddress: number;
  readonly #endAddress: number;
  /** In the order of their addresses. */
  readonly #lent: Buffer[] = [];
  #fold: Crc32Exports | undefined;

  /**
   * @param bytes room for pages at the same time.
   * @param reservedBytes at its beginning, for the transcoder.
   */
  constructor(bytes: number, reservedBytes: number) {
    this.#windowAddress = BLOCK_BYTES * Math.ceil(reservedBytes / BLOCK_BYTES);
    this.#startAddress = this.#windowAddress + WINDOW_BYTES;
    this.#endAddress = this.#startAddress + ROOM_FOR_GAPS * roundUp(bytes);
    this.memory = createMemory(this.#endAddress);
  }

  /** Lends a stretch of at least so many bytes; undefined when there is none, or the page is too long. */
  lend(bytes: number): Buffer | undefined {
    if (bytes > LARGEST_PAGE_BYTES - GUARD_BYTES) return undefined;
    const length = roundUp(bytes + GUARD_BYTES);
    let address = this.#startAddress;
    let at = 0;
    for (const { byteOffset, length: lent } of this.#lent) {
      if (byteOffset - address >= length) break;
      address = byteOffset + lent + GUARD_BYTES;
      at++;
    }
    if (address + length > this.#endAddress) return undefined;
    const stretch = Buffer.from(this.memory.buffer, address, length - GUARD_BYTES);
    this.#lent.splice(at, 0, stretch);
    return stretch;
  }

  /** Takes a stretch back, into which nothing is written any more; ignores other bytes. */
  takeBack(stretch: Buffer): void {
    const at = this.#lent.indexOf(stretch);
    if (at >= 0) this.#lent.splice(at, 1);
  }

  /** Computes the same CRC-32 as zlib, several times faster for long bytes that lie here. */
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

function roundUp(bytes: number): number {
  return GRAIN_BYTES * Math.ceil(bytes / GRAIN_BYTES);
}

function instantiateCrc32(memory: WebAssembly.Memory): Crc32Exports {
  const module = new WebAssembly.Module(readFileSync(CRC32_MODULE));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Crc32Exports;
}
