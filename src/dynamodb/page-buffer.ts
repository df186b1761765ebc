/**
 * Bytes kept free behind a body. The transcoder looks a few bytes ahead, and ends a string that was cut off at the
 * quotes that are put there.
 */
export const GUARD_BYTES = 64;

// A page holds 1 MB of items at most; as DynamoDB JSON it is usually 1.0 to 1.5 times that.
const INITIAL_CAPACITY_BYTES = 1_200_000;
const QUOTE = 0x22;

/** A reused buffer that one response body is gathered in. */
export class PageBuffer {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_CAPACITY_BYTES + GUARD_BYTES);
  #length = 0;

  /** The body, a view that is valid until the next `start`. At least `GUARD_BYTES` quotes follow it in memory. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The whole buffer: the body, then quotes for `GUARD_BYTES`, then whatever was there before. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Bytes of the body. */
  get length(): number {
    return this.#length;
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

  finish(): void {
    this.#bytes.fill(QUOTE, this.#length, this.#length + GUARD_BYTES);
  }

  #reserve(bytes: number): void {
    if (bytes + GUARD_BYTES <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, 1.5 * this.#length) + GUARD_BYTES);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
