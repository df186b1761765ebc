import { write } from 'node:fs';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';

const require = createRequire(import.meta.url);

/**
 * Writes to a file descriptor on the thread pool, so that the event loop keeps running while a pipe is full.
 *
 * Node's own stream makes a pipe non-blocking, and fills its 64 KiB repeatedly from the event loop. Another process
 * that shares the pipe may have made it non-blocking too; then a write fails with EAGAIN, and Node's stream, which
 * `openStream` returns, takes over.
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

  /** Whether it is a terminal, as Node's own streams say. */
  get isTTY(): boolean {
    // It loads half of Node's network code, and not every command needs it.
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
