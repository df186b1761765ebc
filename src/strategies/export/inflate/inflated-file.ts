import type { Inflated } from './gzip-stream.ts';
import type { Inflater, InflatePort } from './inflater.ts';

/** Inflates one file, in its own thread: the next chunk while one is looked at. */
export class InflatedFile {
  readonly #port: InflatePort;
  readonly #parts: AsyncIterator<Uint8Array>;
  /** The one behind what was handed over. */
  #nextPart: Promise<IteratorResult<Uint8Array>>;
  #state: Inflated['state'] = 'hungry';
  #isNew = true;
  #output: 0 | 1 = 1;

  /** @param parts of gzip, cut anywhere, none above a megabyte; each is done with when the next one is asked for. */
  constructor(inflater: Inflater, parts: AsyncIterable<Uint8Array>) {
    this.#port = inflater.open();
    this.#parts = parts[Symbol.asyncIterator]();
    this.#nextPart = this.#fetchPart();
  }

  /** Of all parts, in base64; undefined until the last chunk was read. */
  get md5(): string | undefined {
    return typeof this.#state === 'string' ? undefined : this.#state.md5;
  }

  /**
   * All chunks, each valid until the next one is asked for. To be read once, and to its end or returned from.
   *
   * @param chunkBytes that they have at most.
   * @throws GzipError for what is truncated, damaged or has anything behind it, and what `parts` throws.
   */
  async *readChunks(chunkBytes: number): AsyncGenerator<Buffer> {
    let next: Promise<Buffer> | undefined;
    try {
      for (next = this.#inflate(); ;) {
        const chunk = await next;
        const isLast = this.md5 !== undefined;
        next = isLast ? undefined : this.#inflate();
        // Its failure is seen when it is awaited.
        next?.catch(() => undefined);
        for (let at = 0; at < chunk.length; at += chunkBytes) {
          yield chunk.subarray(at, at + chunkBytes);
        }
        if (next === undefined) return;
      }
    } finally {
      await next?.catch(() => undefined);
      await this.#nextPart.catch(() => undefined);
      await this.#parts.return?.();
      this.#port.close();
    }
  }

  async #inflate(): Promise<Buffer> {
    this.#output = this.#output === 0 ? 1 : 0;
    const output = this.#output;
    const input = this.#state === 'hungry' ? await this.#handOver() : undefined;
    const { length, state } = await this.#port.ask({ isNew: this.#isNew, output, input });
    this.#isNew = false;
    this.#state = state;
    return this.#port.output(output, length);
  }

  async #handOver(): Promise<{ readonly length: number; readonly isAtEnd: boolean }> {
    const part = await this.#nextPart;
    if (part.done === true) return { length: 0, isAtEnd: true };
    this.#port.input.set(part.value);
    this.#nextPart = this.#fetchPart();
    return { length: part.value.length, isAtEnd: false };
  }

  #fetchPart(): Promise<IteratorResult<Uint8Array>> {
    const part = this.#parts.next();
    part.catch(() => undefined);
    return part;
  }
}
