import { crc32 } from 'node:zlib';
import { type BodySink, HttpProtocolError } from '../http/response-parser.ts';

// The worst that 1 MB of items can become (nothing but control characters, each as `\u0000`, or tiny nested values) is
// less than a tenth of this. Anything longer is not a page, and must not fill the memory.
/** The longest body that is accepted, in bytes. */
export const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

/** Memory that lends stretches, each for one page. */
export interface PageSpace {
  /** Lends at least this many bytes; undefined when there is no room for them. */
  lend(bytes: number): Buffer | undefined;
  /** Takes back a stretch, which nothing is written into any longer; ignores other bytes. */
  takeBack(stretch: Buffer): void;
  /** Computes the same CRC-32 as zlib, of any bytes, whether they lie in a stretch or not. */
  crc32(bytes: Uint8Array): number;
}

const NOTHING = Buffer.alloc(0);

/** Gathers one response body after another, in memory that is as large as the longest of them. */
export class PageBuffer implements BodySink {
  readonly #space: PageSpace | undefined;
  #bytes: Buffer = NOTHING;
  #length = 0;

  /** @param space the bodies lie in it while it has room. */
  constructor(space?: PageSpace) {
    this.#space = space;
  }

  /** Returns its memory; the body is gone afterwards. */
  close(): void {
    this.#space?.takeBack(this.#bytes);
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** The bytes of memory that it holds. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Computes the CRC-32 of the body. */
  crc32(): number {
    return this.#space?.crc32(this.body) ?? crc32(this.body);
  }

  /** The body, as a view that is valid until the next `start` or `close`. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins a new body, with room for the bytes that the server announced and one more. */
  start(expectedBytes: number): void {
    this.#length = 0;
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
    const length = this.#length;
    const wanted = Math.max(bytes, Math.ceil(1.5 * length));
    const grown = this.#space?.lend(wanted) ?? Buffer.allocUnsafeSlow(wanted);
    this.#bytes.copy(grown, 0, 0, length);
    this.close();
    this.#bytes = grown;
    this.#length = length;
  }
}
