import { expect } from 'chai';
import type { StreamState } from '../../../../src/strategies/read-strategy.ts';
import { createDestinations, type ModelRow } from '../../../support/change-model/destinations.ts';
import { ModelTable } from '../../../support/change-model/model-table.ts';
import { sync } from '../../../support/change-model/sync.ts';
import { VirtualClock } from '../../../support/change-model/virtual-clock.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WRITES = 400;

/** A destination after some rows. */
function keep(rows: readonly ModelRow[]): ReadonlyMap<string, number> {
  const [soft] = createDestinations();
  for (const row of rows) soft?.take(row);
  return soft?.rows ?? new Map<string, number>();
}

describe('changes from before a snapshot', () => {
  let clock: VirtualClock;
  let table: ModelTable;

  beforeEach(() => {
    clock = new VirtualClock(Date.parse('2026-11-26T12:00:00Z'));
    table = new ModelTable({ clock, random: seededRandom(3), shards: 1, largestSkewMs: 0 });
  });

  /** Writes an item over and over for four hours, each time another version, and another one that goes. */
  async function write(): Promise<void> {
    for (let count = 0; count < WRITES; count++) {
      await clock.sleep((4 * HOUR) / WRITES);
      table.put('k');
      if (count === WRITES / 2) table.delete('gone');
      if (count === 3) table.put('gone');
    }
  }

  it('bring no item back to what it was, wherever the first sync is killed', async () => {
    await clock.run(write());
    const rows: ModelRow[] = [];
    const stops: { readonly state: StreamState; readonly rows: readonly ModelRow[] }[] = [];
    await clock.run(
      sync({
        clock,
        table,
        onPage: (added, state) => {
          rows.push(...added);
          stops.push({ state, rows: [...rows] });
        },
      }),
    );
    expect(stops.length).to.be.above(5);
    expect(keep(rows).get('k')).to.equal(table.items.get('k'));
    // The first changes are trimmed by then, and the rule of gaps finds none yet.
    await clock.run(clock.sleep(22 * HOUR));
    for (const [index, stop] of stops.entries()) {
      const next = await clock.run(sync({ clock, table, state: stop.state }));
      expect(next.error, `stop ${index}`).to.equal(undefined);
      const destination = keep([...stop.rows, ...next.rows]);
      expect(Object.fromEntries(destination), `stop ${index}`).to.deep.equal(
        Object.fromEntries(table.items),
      );
    }
  });

  it('are read for what they say is gone, before the rows, and again only if they are new', async () => {
    table.put('gone');
    table.put('young');
    await clock.run(clock.sleep(HOUR));
    table.delete('gone');
    await clock.run(clock.sleep(HOUR));
    table.put('old');
    await clock.run(clock.sleep(HOUR));
    table.put('young');
    const { rows } = await clock.run(sync({ clock, table }));
    const [first, ...others] = rows;
    expect(first)
      .to.include({ pk: 'gone' })
      .and.have.property('_ab_cdc_deleted_at')
      .that.is.a('string');
    const snapshot = others.slice(0, 2);
    expect(snapshot.map(({ pk }) => pk).sort()).to.deep.equal(['old', 'young']);
    expect(others.slice(2).map(({ pk }) => pk)).to.deep.equal(['young']);
    const base = Number(snapshot[0]?._ab_cdc_cursor);
    expect(first?._ab_cdc_cursor).to.equal(base - 1);
    expect(others.at(-1)?._ab_cdc_cursor).to.be.above(base);
  });
});
