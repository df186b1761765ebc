import { crc32 } from 'node:zlib';
import { type BodySink, HttpProtocolError } from '../http/response-parser.ts';

// A page holds 1 MB of items at most; as DynamoDB JSON it is usually 1.0 to 1.5 times that.
const INITIAL_CAPACITY_BYTES = 1_200_000;
// The worst that 1 MB of items can become (nothing but control characters, each as `\u0000`, or tiny nested values) is
// less than a tenth of this. Anything longer is not a page, and must not fill the memory.
/** The longest body that is accepted, in bytes. */
export const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

/** Memory that lends slots, each for one page. */
export interface PageSlots {
  /** Undefined when all are lent. */
  acquire(): Buffer | undefined;
  /** Takes back a slot, which nothing is written into any longer. */
  release(slot: Buffer): void;
  /** Computes the same CRC-32 as zlib, of any bytes, whether they lie in a slot or not. */
  crc32(bytes: Uint8Array): number;
}

/** A reused buffer that one response body is gathered in. */
export class PageBuffer implements BodySink {
  readonly #slots: PageSlots | undefined;
  readonly #slot: Buffer | undefined;
  #bytes: Buffer;
  #length = 0;

  /** @param slots the buffer lies in one of these, if one is free and for as long as bodies fit. */
  constructor(slots?: PageSlots) {
    this.#slots = slots;
    this.#slot = slots?.acquire();
    this.#bytes = this.#slot ?? Buffer.allocUnsafeSlow(INITIAL_CAPACITY_BYTES);
  }

  /** Returns the slot; the buffer must not be used afterwards. */
  close(): void {
    if (this.#slot !== undefined) this.#slots?.release(this.#slot);
  }

  /** Computes the CRC-32 of the body. */
  crc32(): number {
    return this.#slots?.crc32(this.body) ?? crc32(this.body);
  }

  /** The body, as a view that is valid until the next `start`. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins a new body, with room for the bytes that the server announced and one more. */
  start(expectedBytes: number): void {
    this.#length = 0;
    // The last body may have been too long for the slot.
    if (this.#slot !== undefined) this.#bytes = this.#slot;
    this.#reserve(expectedBytes + 1);
  }

  append(chunk: Uint8Array): void {
    this.#reserve(this.#length + chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  claim(bytes: number): Buffer {
    return this.#bytes.subarray(this.#length, this.#length + bytes);
  }

  commit(bytes: number): void {
    this.#length += bytes;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    if (bytes > LARGEST_BODY_BYTES + 1) {
      throw new HttpProtocolError(`An answer of more than ${LARGEST_BODY_BYTES} bytes is too long`);
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, Math.ceil(1.5 * this.#length)));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
