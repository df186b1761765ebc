import { type BodySink, HttpProtocolError } from './http/response-parser.ts';

// A page holds 1 MB of items at most; as DynamoDB JSON it is usually 1.0 to 1.5 times that.
const INITIAL_CAPACITY_BYTES = 1_200_000;
// The worst that 1 MB of items can become, all of it control characters, each `\u0000`, or tiny nested values, is less
// than a tenth of this. What is longer is no page, and must not fill the memory.
/** Bytes of the longest body that is taken. */
export const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

/** A reused buffer that one response body is gathered in. */
export class PageBuffer implements BodySink {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_CAPACITY_BYTES);
  #length = 0;

  /** The body, a view that is valid until the next `start`. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins a new body, with room for the bytes that the server announced. */
  start(expectedBytes: number): void {
    this.#length = 0;
    this.#reserve(expectedBytes);
  }

  append(chunk: Uint8Array): void {
    this.#reserve(this.#length + chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    if (bytes > LARGEST_BODY_BYTES)
      throw new HttpProtocolError(`An answer of ${bytes} bytes is too long`);
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, Math.ceil(1.5 * this.#length)));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
