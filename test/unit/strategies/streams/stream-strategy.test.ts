import { expect } from 'chai';
import type { ChangeFigures } from '../../../../src/change-figures.ts';
import type { StreamState } from '../../../../src/strategies/read-strategy.ts';
import { renderTime } from '../../../../src/strategies/export/export-time.ts';
import { createDestinations } from '../../../support/change-model/destinations.ts';
import { ModelExports } from '../../../support/change-model/model-exports.ts';
import { ModelTable } from '../../../support/change-model/model-table.ts';
import { sync, type SyncInput, type SyncResult } from '../../../support/change-model/sync.ts';
import { VirtualClock } from '../../../support/change-model/virtual-clock.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const HOUR = 3_600_000;

describe('change capture of a table', () => {
  let clock: VirtualClock;
  let table: ModelTable;

  beforeEach(() => {
    clock = new VirtualClock(Date.parse('2026-11-26T12:00:00Z'));
    table = createTable(1);
  });

  function createTable(shards: number): ModelTable {
    return new ModelTable({ clock, random: seededRandom(3), shards, largestSkewMs: 0 });
  }

  function run(options: Partial<SyncInput> = {}): Promise<SyncResult> {
    return clock.run(sync({ clock, table, ...options }));
  }

  function wait(ms: number): Promise<void> {
    return clock.run(clock.sleep(ms));
  }

  function createExports(): ModelExports {
    return new ModelExports({
      ...{ clock, table, random: seededRandom(5), pageSize: 3, longestMs: HOUR },
      earliest: Date.parse('2026-11-20T00:00:00Z'),
    });
  }

  /** The state and result of a first sync of some items. */
  async function runFirst(): Promise<SyncResult> {
    for (const key of ['a', 'b', 'c']) table.put(key);
    return run();
  }

  it('finds no gap in a quiet table that is synced every twelve hours for a week', async () => {
    let { state } = await runFirst();
    for (let count = 0; count < 14; count++) {
      await wait(12 * HOUR);
      table.roll(1);
      const next = await run({ state });
      expect(next.error).to.equal(undefined);
      expect(next.notices).to.deep.equal([]);
      ({ state } = next);
    }
    table.put('d');
    const { rows } = await run({ state });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['d']);
  });

  describe('after a gap', () => {
    let first: SyncResult;

    beforeEach(async () => {
      first = await runFirst();
      await wait(HOUR);
      table.delete('a');
      await wait(30 * HOUR);
      table.put('b');
    });

    it('fails, and says up to when changes are read and how to go on', async () => {
      const { error, rows, state } = await run({ state: first.state });
      expect(error).to.have.property('failureType', 'config_error');
      expect(error?.message).to.match(
        /^The changes of model are read up to 2026-11-26T12:\S+Z, and DynamoDB keeps them for 24 hours only.*Clear the stream.*set it to "Recover by export"/,
      );
      expect(rows).to.deep.equal([]);
      expect(state).to.deep.equal(first.state);
    });

    it('names no exports to a table that was made again', async () => {
      const { error } = await run({
        state: first.state,
        plan: { arn: table.arn.replace('model', 'other') },
      });
      expect(error?.message).to.include('Clear the stream').and.not.include('Recover by export');
    });

    it('makes a new snapshot where the config says so, and warns of what stays', async () => {
      const { error, rows, state, notices } = await run({
        state: first.state,
        plan: { onGap: 'resync' },
      });
      expect(error).to.equal(undefined);
      expect(notices.map(({ message }) => message).join()).to.include('stay in the destination');
      const [soft] = createDestinations();
      for (const row of [...first.rows, ...rows]) soft?.take(row);
      expect(Object.fromEntries(soft?.rows ?? [])).to.deep.equal({
        ...Object.fromEntries(table.items),
        a: 1,
      });
      expect(baseOf(state)).to.be.above(baseOf(first.state));
    });

    it('goes on with the oldest change that is left where there are no snapshots', async () => {
      const { error, rows, notices } = await run({
        state: first.state,
        plan: { onGap: 'resync', snapshot: 'none' },
      });
      expect(error).to.equal(undefined);
      expect(rows.map(({ pk }) => pk)).to.deep.equal(['b']);
      expect(notices.at(-1)?.message)
        .to.include('from the oldest that is left, and no snapshot')
        .and.include('What is lost stays lost')
        .and.include('set "initial_snapshot" to "scan" and clear the stream')
        .and.not.include('A new snapshot');
    });

    it('fails without promising a snapshot where there are none', async () => {
      const { error } = await run({ state: first.state, plan: { snapshot: 'none' } });
      expect(error?.message)
        .to.include('Set "initial_snapshot" to "scan" and clear the stream')
        .and.not.include('a new snapshot');
    });

    it('warns of a sync that comes late, when nothing is lost yet', async () => {
      const { state } = await run();
      await wait(17 * HOUR);
      const { error, notices } = await run({ state });
      expect(error).to.equal(undefined);
      expect(notices.map(({ message }) => message).join()).to.match(/were last read 17.* ago/);
    });

    it('warns of it once where the rows of an export come first', async () => {
      const { state } = await run();
      const exports = createExports();
      const time = renderTime(clock.now());
      await wait(17 * HOUR);
      const waiting = { ...state, export: { time, files: {} } };
      const before = await run({ state: waiting, exports, plan: { isChangesOnly: true } });
      const { error, notices } = await run({ state: before.state, exports });
      expect(error).to.equal(undefined);
      const all = [...before.notices, ...notices].map(({ message }) => message);
      expect(all.filter((message) => message.includes('were last read'))).to.have.length(1);
    });
  });

  describe('with a new change stream', () => {
    let first: SyncResult;

    beforeEach(async () => {
      first = await runFirst();
      await wait(HOUR);
      table.renewStream();
      table.put('d');
    });

    it('fails', async () => {
      const { error } = await run({ state: first.state });
      expect(error?.message).to.include('has a new change stream');
    });

    it('makes a new snapshot where the config says so', async () => {
      const { error, rows, state } = await run({ state: first.state, plan: { onGap: 'resync' } });
      expect(error).to.equal(undefined);
      expect(new Set(rows.map(({ pk }) => pk))).to.deep.equal(new Set(['a', 'b', 'c', 'd']));
      expect(state).to.have.nested.property('stream.arn', table.arn);
    });
  });

  it('delivers a change again with its old number', async () => {
    const { state } = await runFirst();
    for (let count = 0; count < 300; count++) {
      table.put(`k${count % 7}`);
      if (count % 50 === 49) table.roll(2);
    }
    await wait(2000);
    const states: StreamState[] = [state];
    const one = await run({ state, onPage: (_, saved) => states.push(saved) });
    const numbers = new Map(
      one.rows.map((row) => [row._ab_cdc_sequence_number, row._ab_cdc_cursor]),
    );
    expect(numbers.size).to.equal(300);
    for (const saved of states) {
      const { rows } = await run({ state: saved });
      for (const row of rows) {
        expect(numbers.get(row._ab_cdc_sequence_number)).to.equal(row._ab_cdc_cursor);
      }
    }
  });

  it('says who deleted an item, and carries it as it was where it is asked to', async () => {
    const { state } = await runFirst();
    table.delete('a');
    table.delete('b', true);
    await wait(2000);
    const { rows } = await run({ state });
    expect(rows.map((row) => [row.pk, row.v, row._ab_cdc_deleted_by])).to.deep.equal([
      ['a', 1, 'user'],
      ['b', 2, 'ttl'],
    ]);
    const bare = await run({ state, plan: { includeOldImage: false } });
    expect(bare.rows.map((row) => [row.pk, row.v])).to.deep.equal([
      ['a', undefined],
      ['b', undefined],
    ]);
    for (const { _ab_cdc_deleted_at: at, _ab_cdc_updated_at: updated } of rows) {
      expect(at).to.equal(updated);
    }
  });

  it('reads changes alone where no snapshot is wanted, those of closed shards too', async () => {
    table.load('old');
    table.put('a');
    table.roll(1);
    table.put('b');
    await wait(2000);
    const { rows, state } = await run({ plan: { snapshot: 'none' } });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['a', 'b']);
    expect(state).to.not.have.property('scan');
  });

  it('tells while it reads its snapshot, and then how far its shards are', async () => {
    for (let count = 0; count < 30; count++) table.load(`k${count}`);
    table.put('k0');
    const seen: ChangeFigures[] = [];
    const first = await run({ onFigures: (figures) => seen.push(figures) });
    expect(seen.map(({ isInSnapshot }) => isInSnapshot)).to.include(true);
    expect(seen.at(-1)).to.include({ isInSnapshot: false, changes: 1, openShards: 1 });
    table.roll(2);
    table.put('k1');
    // Children may be listed late.
    await wait(10_000);
    const { figures } = await run({ state: first.state });
    expect(figures).to.include({ changes: 1, openShards: 2, finishedShards: 1, waitingShards: 0 });
    expect(figures?.behindMs).to.be.within(5000, 20_000);
  });

  it('ends when its time is up, and goes on from there', async () => {
    for (let count = 0; count < 60; count++) table.load(`k${count}`);
    const startedAt = clock.now();
    const plan = { maxSyncMs: 60_000 };
    let { state, rows } = await run({ plan, pageMs: 20_000 });
    expect(clock.now() - startedAt).to.be.within(60_000, 61_000);
    expect(state).to.have.property('scan');
    const keys = new Set(rows.map(({ pk }) => pk));
    for (let count = 0; 'scan' in state && count < 30; count++) {
      const next = await run({ state, plan, pageMs: 20_000 });
      expect(next.error).to.equal(undefined);
      ({ state, rows } = next);
      for (const { pk } of rows) keys.add(pk);
    }
    expect(keys.size).to.equal(60);
  });

  it('reads a disabled change stream to its end, and then fails with the remedy', async () => {
    const { state } = await runFirst();
    table.put('d');
    await wait(2000);
    const { rows, error } = await run({ state, plan: { isDisabled: true } });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['d']);
    expect(error?.message).to.include('The change stream of model is disabled.');
  });

  it('lets the snapshot wait where only changes are wanted', async () => {
    for (let count = 0; count < 20; count++) table.load(`k${count}`);
    const states: StreamState[] = [];
    await run({ onPage: (_, state) => states.push(state) });
    const [begun] = states;
    table.put('k0');
    await wait(2000);
    const { rows, state } = await run({ state: begun, plan: { isChangesOnly: true } });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['k0']);
    expect(state).to.have.property('scan');
  });

  for (const [shards, mostSeconds] of [
    [1, 12],
    [44, 12],
    [700, 60],
  ] as const) {
    it(`takes seconds for a sync of ${shards} shards with nothing new`, async () => {
      table = createTable(shards);
      const { state } = await run({ plan: { snapshot: 'none' } });
      const startedAt = clock.now();
      const { calls } = await run({ state });
      expect(calls.fetch).to.be.within(10 * shards, 16 * shards);
      expect((clock.now() - startedAt) / 1000).to.be.below(mostSeconds);
    }).timeout(120_000);
  }
});

function baseOf({ stream }: StreamState): number {
  return (stream as { readonly base: number }).base;
}
