import { expect } from 'chai';
import type { StreamState } from '../../../../src/strategies/read-strategy.ts';
import { createDestinations, type ModelRow } from '../../../support/change-model/destinations.ts';
import { ModelTable } from '../../../support/change-model/model-table.ts';
import { sync } from '../../../support/change-model/sync.ts';
import { VirtualClock } from '../../../support/change-model/virtual-clock.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const MINUTE = 60_000;
const KEYS = ['a', 'b', 'c', 'd'];

interface Stop {
  readonly rows: readonly ModelRow[];
  readonly state: StreamState;
}

describe('a shard that is missing when a snapshot begins, though its child is listed', () => {
  let clock: VirtualClock;
  let table: ModelTable;

  beforeEach(async () => {
    clock = new VirtualClock(Date.parse('2026-11-26T12:00:00Z'));
    table = new ModelTable({ clock, random: seededRandom(3), shards: 1, largestSkewMs: 0 });
    // Four shards in a line, each with changes of every key.
    for (let shard = 0; shard < 4; shard++) {
      if (shard > 0) table.roll(1);
      for (const key of KEYS) {
        await clock.run(clock.sleep(10 * MINUTE));
        if (shard === 2 && key === 'd') table.delete(key);
        else table.put(key);
      }
    }
  });

  /** The first sync, before which one of the shards is not listed. */
  async function begin(missing: number): Promise<readonly Stop[]> {
    const shard = table.shards[missing] as { listedAt: number };
    const { listedAt } = shard;
    shard.listedAt = Infinity;
    const rows: ModelRow[] = [];
    const stops: Stop[] = [];
    const { error } = await clock.run(
      sync({
        clock,
        table,
        onPage: (added, state) => {
          shard.listedAt = listedAt;
          rows.push(...added);
          stops.push({ state, rows: [...rows] });
        },
      }),
    );
    expect(error).to.equal(undefined);
    expectTable(rows, 'to its end');
    return stops;
  }

  function expectTable(rows: readonly ModelRow[], text: string): void {
    for (const destination of createDestinations()) {
      for (const row of rows) destination.take(row);
      expect(Object.fromEntries(destination.rows), `${text}, ${destination.name}`).to.deep.equal(
        Object.fromEntries(table.items),
      );
    }
  }

  it('is passed with the others', async () => {
    const [stop] = await begin(1);
    const shards = (stop?.state.stream as { readonly shards: Record<string, unknown> }).shards;
    // As a listing left it that a kill came behind.
    const late = table.shards[1]?.id ?? '';
    const state = {
      ...stop?.state,
      stream: {
        ...(stop?.state.stream as object),
        shards: { ...shards, [late]: { parent: table.shards[0]?.id } },
      },
    };
    const { error, rows } = await clock.run(sync({ clock, table, state }));
    expect(error).to.equal(undefined);
    expectTable(rows, 'the next sync');
  });

  for (const missing of [0, 1, 2]) {
    it(`ends with what the table holds, wherever it is killed: the shard ${missing}`, async () => {
      for (const [index, stop] of (await begin(missing)).entries()) {
        const next = await clock.run(sync({ clock, table, state: stop.state }));
        expect(next.error, `stop ${index}`).to.equal(undefined);
        expectTable([...stop.rows, ...next.rows], `stop ${index}`);
      }
    });
  }
});
