import { PageBuffer } from './page-buffer.ts';

/**
 * Lends page buffers, so many at a time and no more.
 *
 * This is what bounds the memory of a scan: a segment asks for a buffer before it asks for a page, and waits while
 * every buffer holds a page that is under way or not yet written.
 */
export class PageBufferPool {
  readonly #free: PageBuffer[] = [];
  readonly #waiting: ((buffer: PageBuffer) => void)[] = [];
  #unmade: number;

  /** @param size buffers lent at the same time, at least 1. */
  constructor(size: number) {
    this.#unmade = size;
  }

  acquire(): Promise<PageBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#unmade > 0) {
      this.#unmade--;
      return Promise.resolve(new PageBuffer());
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(buffer: PageBuffer): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(buffer);
    else this.#free.push(buffer);
  }
}
