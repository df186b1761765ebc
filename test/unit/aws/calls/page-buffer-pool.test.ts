import { expect } from 'chai';
import { setMaxListeners } from 'node:events';
import { type Borrower, PAGE_BYTES } from '../../../../src/aws/calls/page-borrower.ts';
import { PageBufferPool, type PageLoan } from '../../../../src/aws/calls/page-buffer-pool.ts';

const { signal: never } = new AbortController();
setMaxListeners(0, never);
const PAGES = 80;

/** Lets everything happen that is ready to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Asks for a buffer, and shows what came of it. */
function ask(pool: PageBufferPool, borrower: Borrower, signal = never) {
  const outcome: { loan?: PageLoan; error?: unknown } = {};
  pool.acquire(borrower, signal).then(
    (loan) => (outcome.loan = loan),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

/** Asks so many times, and shows how many loans come of it at once. */
async function askFor(count: number, pool: PageBufferPool, borrower: Borrower) {
  const asked = Array.from({ length: count }, () => ask(pool, borrower));
  await settle();
  return asked.flatMap(({ loan }) => loan ?? []);
}

/** Has a page of so many bytes come into a loan. */
function fill(pool: PageBufferPool, loan: PageLoan, bytes: number): void {
  loan.buffer.start(bytes - 1);
  pool.settle(loan);
}

/** Has a reader get some pages of so many bytes, so that it is known how long its pages are. */
async function learn(pool: PageBufferPool, reader: Borrower, bytes: number): Promise<void> {
  for (let page = 0; page < 4; page++) {
    const loan = await pool.acquire(reader, never);
    fill(pool, loan, bytes);
    pool.release(loan);
  }
}

describe('the page buffer pool', () => {
  describe('of one reader', () => {
    let pool: PageBufferPool;
    let reader: Borrower;

    beforeEach(() => {
      pool = new PageBufferPool({ pages: 1, readers: 1 });
      reader = pool.join(PAGES);
    });

    it('lends as many different buffers as it has, and no more', async () => {
      const three = new PageBufferPool({ pages: 3, readers: 1 });
      const loans = await askFor(5, three, three.join(PAGES));
      expect(new Set(loans.map(({ buffer }) => buffer)).size).to.equal(3);
    });

    it('lends what comes back to who has waited longest', async () => {
      const loan = await pool.acquire(reader, never);
      const waiting = [ask(pool, reader), ask(pool, reader)];
      pool.release(loan);
      await settle();
      expect(waiting.map((outcome) => outcome.loan !== undefined)).to.deep.equal([true, false]);
      if (waiting[0]?.loan !== undefined) pool.release(waiting[0].loan);
      await settle();
      expect(waiting[1]).to.have.property('loan');
    });

    it('rejects who waits with the reason of the signal', async () => {
      const loan = await pool.acquire(reader, never);
      const stop = new AbortController();
      const reason = new Error('stop');
      const waiting = ask(pool, reader, stop.signal);
      stop.abort(reason);
      await settle();
      expect(waiting).to.deep.equal({ error: reason });
      const late = ask(pool, reader, stop.signal);
      await settle();
      expect(late).to.deep.equal({ error: reason });
      pool.release(loan);
      expect(await askFor(1, pool, reader)).to.have.lengthOf(1);
    });

    it('does not lend to who gave up', async () => {
      const loan = await pool.acquire(reader, never);
      const stop = new AbortController();
      ask(pool, reader, stop.signal);
      const patient = ask(pool, reader);
      stop.abort();
      pool.release(loan);
      await settle();
      expect(patient).to.have.property('loan');
    });

    it('lends a free buffer however the signal stands', async () => {
      expect(await pool.acquire(reader, AbortSignal.abort())).to.have.property('buffer');
    });

    it('leaves no listener behind', async () => {
      const loan = await pool.acquire(reader, never);
      const stop = new AbortController();
      const waiting = ask(pool, reader, stop.signal);
      pool.release(loan);
      await settle();
      stop.abort();
      await settle();
      expect(waiting).to.not.have.property('error');
    });

    it('has its buffers lie in the space, and gives them back to it', async () => {
      const lent = new Set<Buffer>();
      const space = {
        lend: (bytes: number) => {
          const stretch = Buffer.alloc(bytes);
          lent.add(stretch);
          return stretch;
        },
        takeBack: (stretch: Buffer) => void lent.delete(stretch),
        crc32: () => 0,
      };
      const inSpace = new PageBufferPool({ pages: 2, readers: 1, space });
      const loan = await inSpace.acquire(inSpace.join(PAGES), never);
      loan.buffer.start(10);
      expect(lent.size).to.equal(1);
      inSpace.release(loan);
      expect(lent.size).to.equal(0);
    });

    it('lends all it has once pages are known to be of usual size', async () => {
      const large = new PageBufferPool({ pages: PAGES, readers: 1 });
      const borrower = large.join(PAGES);
      const first = await askFor(PAGES + 10, large, borrower);
      expect(first).to.have.lengthOf(16);
      for (const loan of first.slice(0, 4)) fill(large, loan, 1_050_000);
      await settle();
      expect(borrower.held).to.equal(PAGES * PAGE_BYTES);
    });

    it('lends the rest to segments that get on, while others of their table hang', async () => {
      const large = new PageBufferPool({ pages: PAGES, readers: 1 });
      const borrower = large.join(2 * 64);
      const hanging = await askFor(15, large, borrower);
      expect(hanging).to.have.lengthOf(15);
      await learn(large, borrower, PAGE_BYTES);
      expect(await askFor(PAGES, large, borrower)).to.have.lengthOf(PAGES - 15);
    });

    it('takes the pages of a reader for what those of another were, unless it wants very many', async () => {
      const large = new PageBufferPool({ pages: PAGES, readers: 1 });
      expect(large.join(8).expected).to.equal(5 * PAGE_BYTES);
      await learn(large, large.join(8), PAGE_BYTES);
      expect(large.join(8).expected).to.equal(2.5 * PAGE_BYTES);
      expect(large.join(128).expected).to.equal(5 * PAGE_BYTES);
      await learn(large, large.join(8), 6 * PAGE_BYTES);
      expect(large.join(8).expected).to.equal(6 * PAGE_BYTES);
    });

    it('lends fewer buffers for longer pages', async () => {
      const large = new PageBufferPool({ pages: PAGES, readers: 1 });
      const borrower = large.join(PAGES);
      const size = 6 * PAGE_BYTES;
      const [first] = await askFor(1, large, borrower);
      if (first !== undefined) fill(large, first, size);
      await askFor(100, large, borrower);
      expect(borrower.held / size).to.equal(Math.floor(PAGES / 6));
    });

    it('lends one page, whatever its size', async () => {
      const [loan] = await askFor(1, pool, reader);
      if (loan !== undefined) fill(pool, loan, 40 * PAGE_BYTES);
      expect(await askFor(1, pool, reader)).to.have.lengthOf(0);
      if (loan !== undefined) pool.release(loan);
      await settle();
      expect(reader.held).to.equal(40 * PAGE_BYTES);
    });
  });

  describe('of several readers', () => {
    const SHARE = PAGES / 2 / 4;
    let pool: PageBufferPool;
    let hanging: Borrower;

    beforeEach(async () => {
      pool = new PageBufferPool({ pages: PAGES, readers: 4 });
      hanging = pool.join(PAGES);
      await learn(pool, hanging, PAGE_BYTES);
    });

    it('keeps the shares of those that are yet to come', async () => {
      expect(await askFor(200, pool, hanging)).to.have.lengthOf(PAGES - 3 * SHARE);
      for (let reader = 1; reader < 4; reader++) {
        const borrower = pool.join(PAGES);
        // Its pages are taken to be five times as long as usual, until the first has come.
        expect(await askFor(200, pool, borrower)).to.have.lengthOf(SHARE / 5);
      }
    });

    it('lends the shares too when no more readers are to come', async () => {
      await askFor(200, pool, hanging);
      pool.limitReaders(2);
      await settle();
      expect(hanging.held / PAGE_BYTES).to.equal(PAGES - PAGES / 4);
      pool.limitReaders(1);
      await settle();
      expect(hanging.held / PAGE_BYTES).to.equal(PAGES);
    });

    it('lends half of what it has to readers that have no use for more', async () => {
      const half = new PageBufferPool({ pages: PAGES, readers: 2 });
      const narrow = half.join(8);
      await learn(half, narrow, PAGE_BYTES);
      const loans = await askFor(PAGES, half, narrow);
      expect(loans).to.have.lengthOf(PAGES / 2 - PAGES / 8);
      half.join(2 * 64);
      await settle();
      expect(narrow.held / PAGE_BYTES).to.equal(PAGES - PAGES / 4);
    });

    it('lends what a reader held that has left', async () => {
      pool.limitReaders(2);
      const other = pool.join(PAGES);
      const loans = await askFor(200, pool, hanging);
      const [otherLoan] = await askFor(1, pool, other);
      pool.leave(hanging);
      for (const loan of loans) pool.release(loan);
      // Whoever asked before it left is served.
      await settle();
      expect(hanging.held / PAGE_BYTES).to.be.above(0);
      if (otherLoan !== undefined) fill(pool, otherLoan, PAGE_BYTES);
      expect(await askFor(3, pool, other)).to.have.lengthOf(3);
    });
  });
});
