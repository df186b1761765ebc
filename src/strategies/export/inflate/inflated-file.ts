import { freeMemory } from './free-memory.ts';
import { GzipError } from './gzip-error.ts';
import type { InflateResult, InflateTask } from './inflate-messages.ts';
import type { Inflater } from './inflater.ts';

/** The parts of a file of gzip, cut anywhere. */
export interface FileParts {
  /** To be read once; each is done with when the next one is asked for. */
  readParts(): AsyncIterable<Uint8Array>;
  /** Nothing more is wanted: a part that is waited for fails. */
  stop(): void;
}

/** Inflates one file in the thread, the next chunk while one is looked at. */
export class InflatedFile {
  readonly #parts: FileParts;
  readonly #ask: (task: InflateTask) => Promise<InflateResult>;
  #md5: string | undefined;

  constructor(inflater: Inflater, parts: FileParts) {
    this.#parts = parts;
    this.#ask = inflater.open();
  }

  /** Of all parts, in base64; undefined until the last chunk was read. */
  get md5(): string | undefined {
    return this.#md5;
  }

  /**
   * All chunks, each valid until the next one is asked for. To be read once, and to its end or returned from.
   *
   * @param chunkBytes that they have at most.
   * @throws GzipError for what is truncated, damaged or has anything behind it, what `parts` throws, and SystemError.
   */
  async *readChunks(chunkBytes: number): AsyncGenerator<Buffer> {
    await this.#ask({ kind: 'open' });
    const feeding = this.#feed();
    // Its failure is seen when it is awaited.
    feeding.catch(() => undefined);
    try {
      for await (const chunk of this.#readAhead()) {
        const { buffer, byteOffset, length } = chunk;
        for (let at = 0; at < length; at += chunkBytes) {
          yield Buffer.from(buffer, byteOffset + at, Math.min(chunkBytes, length - at));
        }
        freeMemory(chunk);
      }
      await feeding;
    } finally {
      // Whoever stops early is not to wait for a part that nobody reads, which may take minutes in an outage.
      this.#parts.stop();
      await this.#close();
      await feeding.catch(() => undefined);
    }
  }

  async *#readAhead(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let next = this.#read(); ;) {
      const result = await next;
      if (result.kind === 'damage') throw new GzipError(result.message);
      if (result.kind === 'end') this.#md5 = result.md5;
      if (result.kind !== 'chunk') return;
      next = this.#read();
      yield result.chunk;
    }
  }

  #read(): Promise<InflateResult> {
    const result = this.#ask({ kind: 'read' });
    result.catch(() => undefined);
    return result;
  }

  /** Writes all parts; fetches the next one while one is inflated. */
  async #feed(): Promise<void> {
    let written: Promise<InflateResult> | undefined;
    try {
      for await (const part of this.#parts.readParts()) {
        if (part.length === 0) continue;
        if ((await written)?.kind === 'closed') return;
        written = this.#ask({ kind: 'write', part: new Uint8Array(part) });
        written.catch(() => undefined);
      }
      await written;
      await this.#ask({ kind: 'end' });
    } catch (error) {
      // Nothing more comes of what is waited for.
      await this.#close();
      throw error;
    }
  }

  async #close(): Promise<void> {
    await this.#ask({ kind: 'close' }).catch(() => undefined);
  }
}
