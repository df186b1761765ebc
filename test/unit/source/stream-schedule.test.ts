import { expect } from 'chai';
import type { StreamState } from '../../../src/strategies/read-strategy.ts';
import {
  type PartEnd,
  readScheduled,
  type ScheduledStream,
  type StreamPart,
} from '../../../src/source/stream-schedule.ts';
import { ModelTable } from '../../support/change-model/model-table.ts';
import { sync } from '../../support/change-model/sync.ts';
import { VirtualClock } from '../../support/change-model/virtual-clock.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const HOUR = 3_600_000;
const NO = new AbortController().signal;

describe('a schedule of streams', () => {
  let clock: VirtualClock;
  let log: string[];

  beforeEach(() => {
    clock = new VirtualClock(Date.parse('2026-11-26T12:00:00Z'));
    log = [];
  });

  class Stream implements ScheduledStream {
    readonly #name: string;
    readonly hasPosition: boolean;
    hasSnapshot = false;
    readonly #parts: Partial<Record<StreamPart, { readonly ms: number; readonly end: PartEnd }>>;

    constructor(name: string, hasPosition: boolean, parts: typeof Stream.prototype.parts) {
      this.#name = name;
      this.hasPosition = hasPosition;
      this.#parts = parts;
    }

    get parts(): Partial<Record<StreamPart, { readonly ms: number; readonly end: PartEnd }>> {
      return this.#parts;
    }

    async read(part: StreamPart, signal: AbortSignal): Promise<PartEnd> {
      const { ms, end } = this.#parts[part] ?? { ms: 0, end: new Error('unexpected') as never };
      log.push(`${this.#name} ${part}`);
      try {
        await clock.sleep(ms, signal);
      } catch {
        return 'stopped';
      }
      return end;
    }

    finish(end: PartEnd): Promise<void> {
      log.push(`${this.#name} ${typeof end === 'string' ? end : 'failed'}`);
      return Promise.resolve();
    }
  }

  function read(streams: readonly ScheduledStream[], concurrency = 1) {
    const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);
    return clock.run(
      readScheduled({ streams, concurrency, signal: NO, now: () => clock.now(), sleep }),
    );
  }

  it('reads changes first, and completes them when the others have ended', async () => {
    const snapshot = new Stream('a', false, { all: { ms: 1000, end: 'complete' } });
    const changes = new Stream('b', true, { changes: { ms: 1000, end: 'current' } });
    expect(await read([snapshot, changes])).to.deep.equal(['complete', 'complete']);
    expect(log).to.deep.equal(['b changes', 'a all', 'a complete', 'b complete']);
  });

  it('reads changes again every hour while another stream is read', async () => {
    const snapshot = new Stream('a', false, { all: { ms: 3.5 * HOUR, end: 'complete' } });
    const changes = new Stream('b', true, { changes: { ms: 1000, end: 'current' } });
    await read([snapshot, changes]);
    expect(log.filter((line) => line === 'b changes')).to.have.length(4);
    expect(log.at(-1)).to.equal('b complete');
  });

  it('goes on with a snapshot when the changes of all streams are read', async () => {
    const both = new Stream('a', true, {
      changes: { ms: 1000, end: 'current' },
      all: { ms: 1000, end: 'current' },
    });
    both.hasSnapshot = true;
    const changes = new Stream('b', true, { changes: { ms: 1000, end: 'current' } });
    await read([both, changes]);
    expect(log.slice(0, 3)).to.deep.equal(['a changes', 'b changes', 'a all']);
    expect(log.slice(3)).to.have.members(['a complete', 'b complete']);
  });

  it('fails a stream whose changes cannot be read any more, and no other', async () => {
    const snapshot = new Stream('a', false, { all: { ms: 2.5 * HOUR, end: 'complete' } });
    const failure = new Error('denied') as never;
    const ends: PartEnd[] = ['current', failure];
    const changes = new Stream('b', true, {
      changes: {
        ms: 1000,
        get end() {
          return ends.shift() ?? 'current';
        },
      },
    });
    const read1 = await read([snapshot, changes]);
    expect(read1).to.have.length(2);
    expect(log).to.deep.equal(['b changes', 'a all', 'b changes', 'b failed', 'a complete']);
  });

  it('keeps the position of one table fresh through a snapshot of 30 hours of another', async () => {
    const random = seededRandom(5);
    const options = { clock, random, shards: 2, largestSkewMs: 0 };
    const quiet = new ModelTable(options);
    const large = new ModelTable(options);
    for (let count = 0; count < 200; count++) large.load(`k${count}`);
    quiet.put('a');
    const states = new Map<ModelTable, StreamState>();
    states.set(quiet, (await clock.run(sync({ clock, table: quiet }))).state);
    const open = (table: ModelTable): ScheduledStream => ({
      hasPosition: states.has(table),
      get hasSnapshot() {
        return 'scan' in (states.get(table) ?? {});
      },
      read: async (part, signal) => {
        const plan = { isChangesOnly: part === 'changes' };
        const state = states.get(table);
        const result = await sync({ clock, table, state, signal, plan, pageMs: 1.6 * HOUR });
        states.set(table, result.state);
        if (result.error !== undefined) return result.error as never;
        return signal.aborted ? 'stopped' : 'current';
      },
      finish: () => Promise.resolve(),
    });
    const startedAt = clock.now();
    const writing = (async () => {
      for (let hour = 1; hour < 40; hour++) {
        await clock.sleep(HOUR);
        if (hour % 4 === 0) quiet.put(`q${hour}`);
        if (hour % 5 === 0) large.put(`k${hour}`);
        if (hour % 6 === 0) quiet.roll(1);
      }
    })();
    void writing;
    expect(await read([open(large), open(quiet)], 2)).to.deep.equal(['complete', 'complete']);
    expect(clock.now() - startedAt).to.be.above(25 * HOUR);
    const { error } = await clock.run(sync({ clock, table: quiet, state: states.get(quiet) }));
    expect(error).to.equal(undefined);
  }).timeout(120_000);
});
