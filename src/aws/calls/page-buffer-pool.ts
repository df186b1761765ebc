import { Borrower, expectNext, PAGE_BYTES } from './page-borrower.ts';
import { PageBuffer, type PageSpace } from './page-buffer.ts';

// The other half is lent only when the readers can use that many pages at the same time.
const ALWAYS_LENT_PART = 1 / 2;
// The rest is for whoever comes first.
const GUARANTEED_PART = 1 / 2;
// The assumed size of a page while none has arrived: sixteen are requested then, and the others one round trip later.
const FIRST_EXPECTED_PART = 1 / 16;

/** How large a pool is, and for how many. */
export interface PageBufferPoolOptions {
  /** How many pages of the usual size may be lent at the same time; fewer when they are longer. */
  readonly pages: number;
  /** How many readers there may be at the same time. */
  readonly readers: number;
  /** The memory that the buffers lie in. */
  readonly space?: PageSpace;
}

/** A buffer on loan. */
export interface PageLoan {
  readonly buffer: PageBuffer;
  readonly borrower: Borrower;
  /** The bytes of the pool that its page takes; undefined until the page has arrived. */
  cost?: number;
}

interface Waiter {
  readonly borrower: Borrower;
  readonly take: (loan: PageLoan) => void;
}

/**
 * Lends page buffers up to a limit in bytes, first to whoever has waited longest.
 *
 * This is what bounds the memory of a read, however many tables are read side by side: whoever requests a page needs a
 * buffer for it, and waits while the others hold pages that are in flight or not yet transcoded. Each reader has a
 * guaranteed share that it never waits for, so that readers whose requests hang cannot keep the others from reading. A
 * reader always gets one page, whatever its size.
 */
export class PageBufferPool {
  readonly #bytes: number;
  readonly #space: PageSpace | undefined;
  readonly #borrowers = new Set<Borrower>();
  /** Readers that have left while they had buffers on loan. */
  readonly #debtors = new Set<Borrower>();
  readonly #waiting = new Set<Waiter>();
  #readers: number;
  /** The assumed size of a page, in bytes, whichever reader it is for. */
  #expected: number;

  constructor({ pages, readers, space }: PageBufferPoolOptions) {
    this.#bytes = pages * PAGE_BYTES;
    this.#readers = readers;
    this.#space = space;
    this.#expected = FIRST_EXPECTED_PART * this.#bytes;
  }

  /**
   * Registers a reader, which has to `leave` when it ends.
   *
   * @param wanted how many pages it can use at the same time.
   */
  join(wanted: number): Borrower {
    // The pages of other readers say something about its own, but not enough for a reader that wants very many.
    const expected = Math.max(this.#expected, FIRST_EXPECTED_PART * this.#limitFor(wanted));
    const borrower = new Borrower(wanted, expected);
    this.#borrowers.add(borrower);
    this.#serve();
    return borrower;
  }

  /** Removes a reader. It may return what it still has on loan later. */
  leave(borrower: Borrower): void {
    this.#borrowers.delete(borrower);
    if (borrower.hasLoans) this.#debtors.add(borrower);
    this.#serve();
  }

  /** Lowers the number of readers that there may be at the same time from now on. */
  limitReaders(readers: number): void {
    this.#readers = readers;
    this.#serve();
  }

  /** Rejects with the signal's reason when it is aborted before a buffer is free. */
  async acquire(borrower: Borrower, signal: AbortSignal): Promise<PageLoan> {
    return this.#mayLend(borrower) ? this.#lend(borrower) : this.#wait(borrower, signal);
  }

  /** Charges a loan for the actual size of its page, which has arrived. */
  settle(loan: PageLoan): void {
    const cost = Math.max(PAGE_BYTES, loan.buffer.capacity);
    loan.cost = cost;
    loan.borrower.settle(cost);
    this.#expected = expectNext(this.#expected, cost);
    this.#serve();
  }

  /** Takes back a buffer whose page is no longer in use. */
  release({ buffer, borrower, cost }: PageLoan): void {
    buffer.close();
    borrower.giveBack(cost);
    if (!borrower.hasLoans) this.#debtors.delete(borrower);
    this.#serve();
  }

  /** The most bytes that may be lent when one more reader wants this many pages. */
  #limitFor(more: number): number {
    let wanted = more;
    for (const borrower of this.#borrowers) wanted += borrower.wanted;
    const always = ALWAYS_LENT_PART * this.#bytes;
    return Math.min(this.#bytes, Math.max(always, wanted * PAGE_BYTES));
  }

  #mayLend(borrower: Borrower): boolean {
    const limit = this.#limitFor(0);
    const share = (GUARANTEED_PART * limit) / Math.max(1, this.#readers);
    const { held, expected, hasLoans } = borrower;
    if (!hasLoans || held + expected <= share) return true;
    // Every other reader keeps what it holds, and at least its share.
    let kept = Math.max(0, this.#readers - Math.max(1, this.#borrowers.size)) * share;
    for (const other of this.#borrowers) {
      if (other !== borrower) kept += Math.max(share, other.held);
    }
    for (const debtor of this.#debtors) if (debtor !== borrower) kept += debtor.held;
    return held + expected + kept <= limit;
  }

  #lend(borrower: Borrower): PageLoan {
    borrower.borrow();
    // A reader that has left may still be waiting for a buffer.
    if (!this.#borrowers.has(borrower)) this.#debtors.add(borrower);
    return { buffer: new PageBuffer(this.#space), borrower };
  }

  /** Lends to every waiter that may have a buffer now. */
  #serve(): void {
    const refused = new Set<Borrower>();
    for (const waiter of this.#waiting) {
      const { borrower, take } = waiter;
      if (refused.has(borrower)) continue;
      if (this.#mayLend(borrower)) take(this.#lend(borrower));
      else refused.add(borrower);
    }
  }

  #wait(borrower: Borrower, signal: AbortSignal): Promise<PageLoan> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', giveUp);
      };
      const take = (loan: PageLoan): void => {
        end();
        resolve(loan);
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const waiter = { borrower, take };
      this.#waiting.add(waiter);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
