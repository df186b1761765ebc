import type { PageBuffer } from './page-buffer.ts';
import type { PageBufferPool } from './page-buffer-pool.ts';

/**
 * The page buffers that one reader has borrowed from a pool.
 *
 * However the reader ends, none of them is lost: closing returns those whose pages nobody has taken, and one that a
 * page is still being written into is returned when its request has ended.
 */
export class PageLoans {
  readonly #pool: PageBufferPool;
  /** Those with whole pages. */
  readonly #filled = new Set<PageBuffer>();
  #isClosed = false;

  constructor(pool: PageBufferPool) {
    this.#pool = pool;
  }

  /**
   * Borrows a buffer and has it filled; if no page results, the buffer is returned at once.
   *
   * @throws what `fill` throws, and the signal's reason when it is aborted before a buffer is free.
   */
  async fill<Page>(
    signal: AbortSignal,
    fill: (buffer: PageBuffer) => Promise<Page>,
  ): Promise<Page> {
    const buffer = await this.#pool.acquire(signal);
    try {
      const page = await fill(buffer);
      this.#filled.add(buffer);
      return page;
    } finally {
      if (!this.#filled.has(buffer)) this.#pool.release(buffer);
      else if (this.#isClosed) this.release(buffer);
    }
  }

  /** Returns a buffer whose page is no longer in use. */
  release(buffer: PageBuffer): void {
    if (this.#filled.delete(buffer)) this.#pool.release(buffer);
  }

  /** Returns every buffer that holds a page. */
  close(): void {
    this.#isClosed = true;
    for (const buffer of this.#filled) this.release(buffer);
  }
}
