import { expect } from 'chai';
import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import type { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { PageLoans } from '../../../../src/aws/calls/page-loans.ts';

const { signal: never } = new AbortController();

/** Lets everything happen that is ready to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the loans of a reader', () => {
  let lent: Set<Buffer>;
  let pool: PageBufferPool;
  let loans: PageLoans;

  beforeEach(() => {
    lent = new Set();
    const space = {
      lend: (bytes: number) => {
        const stretch = Buffer.alloc(bytes);
        lent.add(stretch);
        return stretch;
      },
      takeBack: (stretch: Buffer) => void lent.delete(stretch),
      crc32: () => 0,
    };
    pool = new PageBufferPool({ pages: 1, readers: 1, space });
    loans = new PageLoans(pool, 1);
  });

  /** Whether nobody has a buffer with a page. */
  async function isReturned(): Promise<boolean> {
    await settle();
    return lent.size === 0;
  }

  function fill(by = loans, signal = never): Promise<PageBuffer> {
    return by.fill(signal, (buffer) => {
      buffer.start(10);
      return Promise.resolve(buffer);
    });
  }

  it('keep a buffer as long as its page is looked at, and return it once', async () => {
    const page = await fill();
    expect(await isReturned()).to.equal(false);
    loans.release(page);
    expect(await isReturned()).to.equal(true);
    const next = await fill();
    const stop = new AbortController();
    const waiting = fill(loans, stop.signal).catch((error: unknown) => error);
    loans.release(page);
    await settle();
    stop.abort('still on loan');
    expect(await waiting).to.equal('still on loan');
    loans.release(next);
    expect(await isReturned()).to.equal(true);
  });

  it('return a buffer at once that no page came into', async () => {
    const error = new Error('throttled');
    const outcome = await loans
      .fill(never, (buffer) => {
        buffer.start(10);
        return Promise.reject(error);
      })
      .catch((e: unknown) => e);
    expect(outcome).to.equal(error);
    expect(await isReturned()).to.equal(true);
    expect(await fill()).to.have.property('body');
  });

  it('are returned when they are closed, with the pages that nobody has taken', async () => {
    await fill();
    loans.close();
    expect(await isReturned()).to.equal(true);
  });

  it('claim nothing of the pool when they are closed', async () => {
    const other = new PageLoans(pool, 1);
    await fill();
    const page = await fill(other);
    const waiting = fill(other);
    other.release(page);
    await settle();
    loans.close();
    expect(await waiting).to.have.property('body');
  });

  for (const outcome of ['comes', 'fails']) {
    it(`keep a buffer that a page is still written into when they are closed, until it ${outcome}`, async () => {
      let end: (() => void) | undefined;
      const filled = loans.fill(never, (buffer) => {
        buffer.start(10);
        return new Promise<PageBuffer>((resolve, reject) => {
          end = () => {
            if (outcome === 'comes') resolve(buffer);
            else reject(new Error('late'));
          };
        });
      });
      filled.catch(() => undefined);
      await settle();
      loans.close();
      expect(await isReturned()).to.equal(false);
      end?.();
      expect(await isReturned()).to.equal(true);
    });
  }

  it('are not waited for when the signal is aborted', async () => {
    await fill();
    const reason = new Error('stop');
    const waiting = fill(loans, AbortSignal.abort(reason));
    expect(await waiting.catch((error: unknown) => error)).to.equal(reason);
  });
});
