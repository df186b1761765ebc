import { write } from 'node:fs';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';

const require = createRequire(import.meta.url);

/**
 * Writes to a file descriptor on the thread pool, so that the event loop goes on while a pipe is full.
 *
 * Node's own stream of a pipe makes it non-blocking and fills its 64 KiB again and again from the event loop. Whoever
 * else shares the pipe may have made it non-blocking too; then a write fails with EAGAIN, and `openStream` has to
 * return Node's stream, which takes over.
 */
export class DescriptorOutput extends Writable {
  readonly #descriptor: number;
  readonly #openStream: () => Writable;
  #stream: Writable | undefined;

  constructor(descriptor: number, openStream: () => Writable) {
    super();
    this.#descriptor = descriptor;
    this.#openStream = openStream;
  }

  /** Whether a person looks at it, as Node's own streams tell. */
  get isTTY(): boolean {
    // It brings half of Node's network along, and not every command asks.
    const { isatty } = require('node:tty') as typeof import('node:tty');
    return isatty(this.#descriptor);
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    if (this.#stream !== undefined) {
      this.#stream.write(chunk, callback);
      return;
    }
    write(this.#descriptor, chunk, (error, written) => {
      if (error?.code === 'EAGAIN') {
        this.#stream = this.#openStream();
        this.#stream.write(chunk, callback);
      } else if (error !== null) callback(error);
      else if (written < chunk.length) this._write(chunk.subarray(written), _encoding, callback);
      else callback();
    });
  }
}
