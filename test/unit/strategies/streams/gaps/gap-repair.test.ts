import { expect } from 'chai';
import type { StreamState } from '../../../../../src/strategies/read-strategy.ts';
import {
  createDestinations,
  type ModelRow,
} from '../../../../support/change-model/destinations.ts';
import { ModelExports } from '../../../../support/change-model/model-exports.ts';
import { ModelTable } from '../../../../support/change-model/model-table.ts';
import { sync, type SyncInput } from '../../../../support/change-model/sync.ts';
import { VirtualClock } from '../../../../support/change-model/virtual-clock.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-26T12:00:00Z');

describe('the repair of a gap', () => {
  let clock: VirtualClock;
  let table: ModelTable;
  let exports: ModelExports;
  let rows: ModelRow[];

  beforeEach(() => {
    clock = new VirtualClock(START);
    table = new ModelTable({ clock, random: seededRandom(3), shards: 1, largestSkewMs: 0 });
    exports = new ModelExports({
      ...{
        clock,
        random: seededRandom(5),
        table,
        pageSize: 10,
        earliest: START - HOUR,
        longestMs: MINUTE,
      },
    });
    rows = [];
  });

  function runAhead(ms: number): void {
    for (const shard of table.shards) (shard as { skewMs: number }).skewMs = ms;
  }

  async function run(state?: StreamState, onPage?: SyncInput['onPage']) {
    const plan = { onGap: 'recover' as const };
    const result = await clock.run(
      sync({ clock, table, exports, state, plan, ...(onPage && { onPage }) }),
    );
    expect(result.error).to.equal(undefined);
    rows = [...rows, ...result.rows];
    return result;
  }

  function expectTable(): void {
    for (const destination of createDestinations()) {
      for (const row of rows) destination.take(row);
      expect(Object.fromEntries(destination.rows), destination.name).to.deep.equal(
        Object.fromEntries(table.items),
      );
    }
  }

  it('tells of what was written right behind the last sync to a shard whose clock is ahead', async () => {
    runAhead(20 * SECOND);
    for (const key of ['a', 'b', 'c']) table.put(key);
    await clock.run(clock.sleep(HOUR));
    const first = await run();
    await clock.run(clock.sleep(HOUR));
    table.put('a');
    const second = await run(first.state);
    table.put('b');
    table.delete('c');
    await clock.run(clock.sleep(50 * HOUR));
    table.put('a');
    const third = await run(second.state);
    expect(third.notices.map(({ message }) => message).join()).to.include('incremental export');
    expectTable();
  });

  it('tells of deletes from before a snapshot that was not begun yet', async () => {
    for (const key of ['a', 'b', 'c']) table.put(key);
    let state: StreamState | undefined;
    for (let count = 0; count < 3; count++) {
      ({ state } = await run(state));
      await clock.run(clock.sleep(12 * HOUR));
    }
    table.delete('a');
    await clock.run(clock.sleep(HOUR));
    // Its state is lost, its rows are not; and the next sync is killed when it has begun.
    const kept = rows;
    const states: StreamState[] = [];
    await run(undefined, (_, state) => states.push(state));
    rows = kept;
    await clock.run(clock.sleep(30 * HOUR));
    await run(states[0]);
    expectTable();
  });
});
