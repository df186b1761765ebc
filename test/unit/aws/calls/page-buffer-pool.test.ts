import { expect } from 'chai';
import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import type { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';

const { signal: never } = new AbortController();

/** Lets everything happen that is ready to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Asks for a buffer, and shows what came of it. */
function ask(pool: PageBufferPool, signal = never) {
  const outcome: { buffer?: PageBuffer; error?: unknown } = {};
  pool.acquire(signal).then(
    (buffer) => (outcome.buffer = buffer),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

describe('the page buffer pool', () => {
  it('lends as many different buffers as it has, and no more', async () => {
    const pool = new PageBufferPool(3);
    const asked = Array.from({ length: 5 }, () => ask(pool));
    await settle();
    expect(new Set(asked.slice(0, 3).map(({ buffer }) => buffer)).size).to.equal(3);
    expect(asked.slice(3)).to.deep.equal([{}, {}]);
  });

  it('passes a buffer that comes back to who has waited longest', async () => {
    const pool = new PageBufferPool(1);
    const buffer = await pool.acquire(never);
    const waiting = [ask(pool), ask(pool)];
    pool.release(buffer);
    await settle();
    expect(waiting.map((outcome) => outcome.buffer === buffer)).to.deep.equal([true, false]);
    pool.release(buffer);
    await settle();
    expect(waiting[1]?.buffer).to.equal(buffer);
  });

  it('lends a buffer that came back before it makes another', async () => {
    const pool = new PageBufferPool(2);
    const buffer = await pool.acquire(never);
    pool.release(buffer);
    expect(await pool.acquire(never)).to.equal(buffer);
  });

  it('rejects who waits with the reason of the signal', async () => {
    const pool = new PageBufferPool(1);
    const buffer = await pool.acquire(never);
    const stop = new AbortController();
    const reason = new Error('stop');
    const waiting = ask(pool, stop.signal);
    stop.abort(reason);
    await settle();
    expect(waiting).to.deep.equal({ error: reason });
    const late = ask(pool, stop.signal);
    await settle();
    expect(late).to.deep.equal({ error: reason });
    pool.release(buffer);
    expect(await pool.acquire(never)).to.equal(buffer);
  });

  it('does not pass a buffer to who gave up', async () => {
    const pool = new PageBufferPool(1);
    const buffer = await pool.acquire(never);
    const stop = new AbortController();
    ask(pool, stop.signal);
    const patient = ask(pool);
    stop.abort();
    pool.release(buffer);
    await settle();
    expect(patient.buffer).to.equal(buffer);
  });

  it('lends a free buffer however the signal stands', async () => {
    const pool = new PageBufferPool(1);
    expect(await pool.acquire(AbortSignal.abort())).to.have.property('body');
  });

  it('has its buffers lie in slots, as many as there are', async () => {
    const slots = [Buffer.alloc(1), Buffer.alloc(1)];
    const memory = { acquire: () => slots.pop(), release: () => undefined, crc32: () => 0 };
    const pool = new PageBufferPool(3, memory);
    for (const left of [1, 0, 0]) {
      await pool.acquire(never);
      expect(slots).to.have.lengthOf(left);
    }
  });

  it('leaves no listener behind', async () => {
    const pool = new PageBufferPool(1);
    const buffer = await pool.acquire(never);
    const stop = new AbortController();
    const waiting = ask(pool, stop.signal);
    pool.release(buffer);
    await settle();
    stop.abort();
    await settle();
    expect(waiting).to.deep.equal({ buffer });
  });
});
