import { expect } from 'chai';
import fc from 'fast-check';
import type { Borrower } from '../../../../src/aws/calls/page-borrower.ts';
import { PageBufferPool, type PageLoan } from '../../../../src/aws/calls/page-buffer-pool.ts';

const PAGES = 12;
const READERS = 3;
const SHARE = PAGES / 2 / READERS;

const step = fc.record({
  reader: fc.nat(READERS - 1),
  act: fc.constantFrom('ask', 'ask', 'ask', 'release', 'abort', 'restart'),
  which: fc.nat(),
});

/** One reader of a pool: what it has, and what it waits for. */
class Reader {
  readonly #pool: PageBufferPool;
  #borrower: Borrower;
  readonly loans: PageLoan[] = [];
  readonly waiting = new Set<AbortController>();
  /** Loans of readers before it that are not given back yet. */
  readonly left: PageLoan[] = [];

  constructor(pool: PageBufferPool) {
    this.#pool = pool;
    this.#borrower = pool.join(PAGES);
  }

  ask(): void {
    const stop = new AbortController();
    this.waiting.add(stop);
    this.#pool.acquire(this.#borrower, stop.signal).then(
      (loan) => {
        this.waiting.delete(stop);
        this.loans.push(loan);
      },
      () => this.waiting.delete(stop),
    );
  }

  release(which: number): void {
    const from = this.left.length > 0 ? this.left : this.loans;
    for (const loan of from.splice(which % (from.length + 1), 1)) this.#pool.release(loan);
  }

  abort(which: number): void {
    [...this.waiting][which % (this.waiting.size + 1)]?.abort();
  }

  /** Leaves with everything on loan, and another joins. */
  restart(): void {
    for (const stop of this.waiting) stop.abort();
    this.left.push(...this.loans.splice(0));
    this.leave();
    this.#borrower = this.#pool.join(PAGES);
  }

  leave(): void {
    this.#pool.leave(this.#borrower);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('readers of one pool of page buffers', () => {
  it('never have more than it has, never wait for their shares, and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const pool = new PageBufferPool({ pages: PAGES, readers: READERS });
        const readers = Array.from({ length: READERS }, () => new Reader(pool));
        for (const { reader: index, act, which } of steps) {
          readers[index]?.[act](which);
          await settle();
          expectFair(readers);
        }
        for (const reader of readers) {
          for (const stop of reader.waiting) stop.abort();
          await settle();
          for (const loan of [...reader.loans.splice(0), ...reader.left.splice(0)])
            pool.release(loan);
        }
        await expectWhole(pool, readers);
      }),
    );
  });
});

function expectFair(readers: readonly Reader[]): void {
  const left = readers.reduce((sum, reader) => sum + reader.left.length, 0);
  const lent = left + readers.reduce((sum, { loans }) => sum + loans.length, 0);
  // A share is lent at once, even while one who has left gives back what it had above its share.
  expect(lent).to.be.at.most(PAGES + left);
  if (left === 0) expect(lent).to.be.at.most(PAGES);
  for (const { loans, waiting } of readers) {
    if (waiting.size > 0) expect(loans.length).to.be.at.least(SHARE);
  }
  const claimed = readers.reduce((sum, { loans }) => sum + Math.max(0, SHARE - loans.length), 0);
  const isAnyWaiting = readers.some(({ waiting }) => waiting.size > 0);
  if (isAnyWaiting) expect(PAGES - lent - claimed, 'free for whoever waits').to.be.below(1);
}

/** Fails unless a reader alone can have all that the pool has. */
async function expectWhole(pool: PageBufferPool, readers: readonly Reader[]): Promise<void> {
  pool.limitReaders(1);
  const [last, ...others] = readers;
  for (const other of others) other.leave();
  for (let count = 0; count <= PAGES; count++) last?.ask();
  await settle();
  expect(last?.loans.length).to.equal(PAGES);
}
