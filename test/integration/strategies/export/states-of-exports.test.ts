import { expect } from 'chai';
import { ConfigError } from '../../../../src/errors.ts';
import type { JsonObject } from '../../../support/json.ts';
import { EXISTING, layExport, readAll, TIME } from './existing-exports-world.ts';
import { ExportWorld } from './export-world.ts';

const HOUR_MS = 60 * 60_000;

describe('a state of exports', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    world.history.put(1000 * (world.now - 3 * HOUR_MS), 'a', 1);
  });
  afterEach(() => world.close());

  for (const [title, member] of Object.entries({
    'between two syncs': { until: '2026-10-31T22:00:00Z' },
    'in the middle of an export': { export: { time: '2026-10-31T22:00:00Z', files: {} } },
    'at the end of a full refresh': { until: '2026-10-31T22:00:00Z', complete: true },
  })) {
    it(`of another table is one to begin anew from, ${title}`, async () => {
      const other = world.exports.tableArn.replace('123456789012', '210987654321');
      for (const syncMode of ['incremental', 'full_refresh'] as const) {
        const saved = { ...member, table: other };
        const { rows, states, error } = await readAll(world, { saved, syncMode, config: {} });
        expect(error).to.equal(undefined);
        expect(rows.map(({ pk }) => pk)).to.deep.equal(['a']);
        expect(states.at(-1)?.table).to.equal(world.exports.tableArn);
        expect(world.notices.join('\n')).to.include(
          `orders: its state is of the table ${other}, not of ${world.exports.tableArn}`,
        );
        world.notices.length = 0;
        world.pass(2 * HOUR_MS);
      }
    });
  }

  it('of an earlier version, which does not say of which table, is gone on from', async () => {
    const saved = { until: '2026-10-31T22:00:00Z' };
    world.exports.earliest = world.now - 24 * HOUR_MS;
    world.history.put(1000 * Date.parse('2026-10-31T22:30:00Z'), 'b', 2);
    const { rows, states } = await readAll(world, { saved, config: {} });
    expect(rows.map(({ pk }) => pk)).to.deep.equal(['b']);
    expect(states.at(-1)?.table).to.equal(world.exports.tableArn);
  });

  for (const [method, config] of Object.entries({ started: {}, existing: EXISTING })) {
    it(`that lies in the future is refused where exports are ${method}`, async () => {
      layExport(world, { scope: { kind: 'full', time: TIME }, files: [] });
      for (const saved of [
        { until: '2026-11-01T01:00:01Z' },
        { export: { time: '2099-01-01T00:00:00Z', files: {} } },
      ] as readonly JsonObject[]) {
        const { error, rows } = await readAll(world, { saved, config });
        expect(error).to.be.instanceOf(ConfigError);
        expect(error?.message).to.match(
          /The state of the stream orders goes as far as .*, which lies in the future\. .* clear it/,
        );
        expect(rows).to.have.length(0);
      }
      const slightly = { until: '2026-11-01T00:59:00Z' };
      expect((await readAll(world, { saved: slightly, config })).error).to.equal(undefined);
    });
  }
});
