import type { Borrower } from './page-borrower.ts';
import type { PageBuffer } from './page-buffer.ts';
import type { PageBufferPool, PageLoan } from './page-buffer-pool.ts';

/**
 * The page buffers that one reader has borrowed from a pool.
 *
 * However the reader ends, none of them is lost: closing returns those whose pages nobody has taken, and one that a
 * page is still being written into is returned when its request has ended.
 */
export class PageLoans {
  readonly #pool: PageBufferPool;
  readonly #borrower: Borrower;
  /** Those with whole pages. */
  readonly #filled = new Map<PageBuffer, PageLoan>();
  #isClosed = false;

  /**
   * Joins the pool, until it is closed.
   *
   * @param wanted how many pages the reader can use at the same time.
   */
  constructor(pool: PageBufferPool, wanted: number) {
    this.#pool = pool;
    this.#borrower = pool.join(wanted);
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
    const loan = await this.#pool.acquire(this.#borrower, signal);
    const { buffer } = loan;
    try {
      const page = await fill(buffer);
      this.#filled.set(buffer, loan);
      return page;
    } finally {
      if (!this.#filled.has(buffer)) this.#pool.release(loan);
      else if (this.#isClosed) this.release(buffer);
      else this.#pool.settle(loan);
    }
  }

  /** Returns a buffer whose page is no longer in use. */
  release(buffer: PageBuffer): void {
    const loan = this.#filled.get(buffer);
    if (loan !== undefined && this.#filled.delete(buffer)) this.#pool.release(loan);
  }

  /** Returns every buffer that holds a page, and leaves the pool. */
  close(): void {
    this.#isClosed = true;
    for (const buffer of this.#filled.keys()) this.release(buffer);
    this.#pool.leave(this.#borrower);
  }
}
