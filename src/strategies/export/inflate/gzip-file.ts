import { createHash } from 'node:crypto';
import type { TransformOptions } from 'node:stream';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import { freeMemory } from './free-memory.ts';
import { CHUNK_BYTES, type InflateResult } from './inflate-messages.ts';

// So low a mark keeps what is not read yet to one chunk, and each chunk to its size.
const OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: CHUNK_BYTES,
  readableHighWaterMark: 1,
};

/** Inflates and hashes one file: gzip of any number of members. Nothing at all is an empty file. */
export class GzipFile {
  readonly #gunzip = createGunzip(OPTIONS);
  readonly #chunks = this.#gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer<ArrayBuffer>>;
  readonly #md5 = createHash('md5');
  #written = 0;

  async write(part: Uint8Array<ArrayBuffer>): Promise<InflateResult> {
    this.#written += part.length;
    const taking = this.#take(part);
    // While zlib inflates it in a thread of its own.
    this.#md5.update(part);
    if (!(await taking)) return { kind: 'closed' };
    freeMemory(part);
    return { kind: 'done' };
  }

  end(): InflateResult {
    // What is ended without a byte fails as truncated.
    if (this.#written === 0) this.#gunzip.push(null);
    else this.#gunzip.end();
    return { kind: 'done' };
  }

  /** The next chunk, whose memory nobody else has. */
  async read(): Promise<InflateResult> {
    try {
      const next = await this.#chunks.next();
      return next.done === true ? this.#finish() : { kind: 'chunk', chunk: takeOver(next.value) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code.startsWith('Z_')) return { kind: 'damage', message };
      if (code === 'ERR_STREAM_PREMATURE_CLOSE') return { kind: 'closed' };
      throw error;
    }
  }

  close(): InflateResult {
    this.#gunzip.destroy();
    return { kind: 'closed' };
  }

  /** Whether the part was inflated; it is not when the inflating has ended, whose failure is told elsewhere. */
  #take(part: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      const onClose = (): void => {
        resolve(false);
      };
      this.#gunzip.once('close', onClose);
      this.#gunzip.write(part, (error) => {
        this.#gunzip.off('close', onClose);
        resolve(error === null || error === undefined);
      });
    });
  }

  #finish(): InflateResult {
    // zlib stops at what is behind the last member.
    return this.#gunzip.bytesWritten === this.#written
      ? { kind: 'end', md5: this.#md5.digest('base64') }
      : { kind: 'damage', message: 'garbage behind the end' };
  }
}

/** Copies a chunk that leaves room in its memory, which zlib goes on filling; it never comes back to a full one. */
function takeOver(chunk: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isFull = chunk.byteOffset + chunk.length === chunk.buffer.byteLength;
  return isFull ? chunk : new Uint8Array(chunk);
}
