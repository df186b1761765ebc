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
  let pool: PageBufferPool;
  let loans: PageLoans;

  beforeEach(() => {
    pool = new PageBufferPool(1);
    loans = new PageLoans(pool);
  });

  /** Whether the pool has its one buffer. */
  async function isReturned(): Promise<boolean> {
    await settle();
    const stop = new AbortController();
    const asked = pool.acquire(stop.signal);
    stop.abort();
    return asked.then(
      (buffer) => {
        pool.release(buffer);
        return true;
      },
      () => false,
    );
  }

  function fill(): Promise<PageBuffer> {
    return loans.fill(never, (buffer) => Promise.resolve(buffer));
  }

  it('keep a buffer as long as its page is looked at, and return it once', async () => {
    const page = await fill();
    expect(await isReturned()).to.equal(false);
    loans.release(page);
    expect(await isReturned()).to.equal(true);
    const other = new PageLoans(pool);
    await other.fill(never, (buffer) => Promise.resolve(buffer));
    loans.release(page);
    expect(await isReturned(), 'the other reader has it').to.equal(false);
  });

  it('return a buffer at once that no page came into', async () => {
    const error = new Error('throttled');
    const outcome = await loans.fill(never, () => Promise.reject(error)).catch((e: unknown) => e);
    expect(outcome).to.equal(error);
    expect(await isReturned()).to.equal(true);
  });

  it('are returned when they are closed, with the pages that nobody has taken', async () => {
    await fill();
    loans.close();
    expect(await isReturned()).to.equal(true);
  });

  for (const outcome of ['comes', 'fails']) {
    it(`keep a buffer that a page is still written into when they are closed, until it ${outcome}`, async () => {
      let end: (() => void) | undefined;
      const filled = loans.fill(never, (buffer) => {
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
    const waiting = loans.fill(AbortSignal.abort(reason), (buffer) => Promise.resolve(buffer));
    expect(await waiting.catch((error: unknown) => error)).to.equal(reason);
  });
});
