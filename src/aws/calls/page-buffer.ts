import { crc32 } from 'node:zlib';
import { type BodySink, HttpProtocolError } from '../http/response-parser.ts';

// A page holds 1 MB of items at most; as DynamoDB JSON it is usually 1.0 to 1.5 times that.
const INITIAL_CAPACITY_BYTES = 1_200_000;
// The worst that 1 MB of items can become, all of it control characters, each `\u0000`, or tiny nested values, is less
// than a tenth of this. What is longer is no page, and must not fill the memory.
/** Bytes of the longest body that is taken. */
export const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

/** Memory that lends slots, each for one page. */
export interface PageSlots {
  /** Undefined when all are lent. */
  acquire(): Buffer | undefined;
  /** Takes a slot back, into which nothing is written any more. */
  release(slot: Buffer): void;
  /** CRC-32 as of zlib, of any bytes, in a slot or not. */
  crc32(bytes: Uint8Array): number;
}

/** A reused buffer that one response body is gathered in. */
export class PageBuffer implements BodySink {
  readonly #slots: PageSlots | undefined;
  readonly #slot: Buffer | undefined;
  #bytes: Buffer;
  #length = 0;

  /** @param slots have the buffer lie in one of them, if there is one and while bodies fit. */
  constructor(slots?: PageSlots) {
    this.#slots = slots;
    this.#slot = slots?.acquire();
    this.#bytes = this.#slot ?? Buffer.allocUnsafeSlow(INITIAL_CAPACITY_BYTES);
  }

  /** Gives the slot back; the buffer may not be used any more. */
  close(): void {
    if (this.#slot !== undefined) this.#slots?.release(this.#slot);
  }

  /** Of the body. */
  crc32(): number {
    return this.#slots?.crc32(this.body) ?? crc32(this.body);
  }

  /** The body, a view that is valid until the next `start`. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins a new body, with room for the bytes that the server announced, and one more. */
  start(expectedBytes: number): void {
    this.#length = 0;
    // After a body that was too long for it.
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
