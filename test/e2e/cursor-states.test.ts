import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import { createTable, putItems, type Item } from '../support/seed.ts';
import { Connection, lastState, putItem, stateOf } from './support/cursor-syncs.ts';
import { createMovableClock } from './support/movable-clock.ts';
import { discover, engineConfig, read, startRead } from './support/source-runs.ts';

const ITEMS = 60;
const HOUR_MS = 3_600_000;
// A read takes a second or two; a clock that is wrong is hours off.
const LONGEST_READ_MS = 600_000;
const MARGIN_MS = 60_000;
const FIELD = ['at'];
const NEVER = '9999-12-31T00:00:00.000Z';

function itemOf(n: number, at: string): Item {
  return { pk: { S: `i${n}` }, at: { S: at } };
}

function timeOf(n: number): string {
  return new Date(Date.UTC(2024, 4, 1) + n * HOUR_MS).toISOString();
}

function keysOf(run: ConnectorRun): readonly string[] {
  return run.records('orders').map(({ pk }) => pk as string);
}

function scanOf(state: unknown): JsonObject {
  const { scan } = (state ?? {}) as { readonly scan?: JsonObject };
  return scan ?? expect.fail('the state has no scan');
}

describe('the state of a cursor', () => {
  let engine: Engine;
  let config: JsonObject;
  let catalog: unknown;

  beforeEach(async () => {
    engine = await startDynalite();
    await createTable(engine, { name: 'orders', partitionKey: { name: 'pk', type: 'S' } });
    await putItems(
      engine,
      'orders',
      Array.from({ length: ITEMS }, (_, n) => itemOf(n, timeOf(n))),
    );
    config = engineConfig(engine, {
      scan: { segments: 3, page_size: 5 },
      checkpoint_target_interval_seconds: 0,
    });
    catalog = await discover(config, { syncMode: 'incremental', cursorField: FIELD });
  });
  afterEach(() => engine.stop());

  it('holds the start and the largest value until every segment is complete, each a point to go on from', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const run = await read({ config, catalog });
    const states = run.states.map(({ stream }) => stream.stream_state);
    expect(new Set(states.map((state) => JSON.stringify(state))).size).to.equal(states.length);
    expect(states.at(-1)).to.deep.equal({
      ...{ cursor_field: FIELD, cursor: timeOf(ITEMS - 1), cursor_type: 'S' },
    });
    const counts = run.states.map(({ sourceStats }) => sourceStats?.recordCount ?? 0);
    for (const [index, state] of states.slice(0, -1).entries()) {
      expect(state, 'no cursor yet').to.not.have.property('cursor');
      const { started_at: startedAt, max_cursor: largest } = scanOf(state);
      expect(Date.parse(startedAt as string)).to.be.within(before, Date.now());
      const covered = run.records('orders').slice(0, sum(counts.slice(0, index + 1)));
      expect(largest).to.equal(
        covered
          .map(({ at }) => at as string)
          .sort()
          .at(-1),
      );

      const rest = await read({ config, catalog, state: stateOf('orders', state) });
      expect(keysOf(rest)).to.have.length(ITEMS - covered.length);
      expect(lastState(rest)).to.deep.equal(states.at(-1));
    }
  });

  it('stays a margin behind the first start, however late the rest is read', async () => {
    await putItem(engine, 'orders', itemOf(ITEMS, NEVER));
    const first = await read({ config, catalog });
    const started = scanOf(first.states[0]?.stream.stream_state).started_at as string;
    expect(lastState(first).cursor).to.equal(
      new Date(Date.parse(started) - MARGIN_MS).toISOString(),
    );

    const scan = {
      ...scanOf(first.states[0]?.stream.stream_state),
      started_at: '2024-05-02T00:00:00Z',
    };
    const state = stateOf('orders', { cursor_field: FIELD, cursor_type: 'S', scan });
    const margin = { replication_method: { cursor_margin_seconds: 3600 } };
    const rest = await read({ config: { ...config, ...margin }, catalog, state });
    expect(lastState(rest).cursor).to.equal('2024-05-01T23:00:00.000Z');
    const next = await read({ config, catalog, state: rest.states });
    expect(keysOf(next)).to.have.length(ITEMS + 1 - 23);
  });

  for (const hours of [-2, 2]) {
    it(`has the time of AWS where the machine is ${hours} hours off`, async () => {
      const clock = await createMovableClock();
      clock.advance(hours * HOUR_MS);
      await putItem(engine, 'orders', itemOf(ITEMS, NEVER));
      const run = await read({ config, catalog }, { env: clock.env });
      const cursor = Date.parse(lastState(run).cursor as string);
      expect(cursor).to.be.within(Date.now() - MARGIN_MS - LONGEST_READ_MS, Date.now() - MARGIN_MS);
      const started = scanOf(run.states[0]?.stream.stream_state).started_at as string;
      expect(Math.abs(Date.parse(started) - Date.now())).to.be.below(LONGEST_READ_MS);
    });
  }

  it('goes on after a kill, and what changed behind the scan comes with the next sync', async () => {
    const running = await startRead({ config: { ...config, ...slow() }, catalog });
    let states = 0;
    running.onMessage((message) => {
      if (message.type === 'STATE' && ++states === 4) running.kill('SIGKILL');
    });
    const killed = await running.done;
    expect(killed.signal).to.equal('SIGKILL');
    const now = new Date().toISOString();
    await putItem(engine, 'orders', { ...itemOf(0, now), pk: { S: keysOf(killed)[0] ?? '' } });
    const resumed = await read({ config, catalog, state: killed.states });
    const all = new Set([...keysOf(killed), ...keysOf(resumed)]);
    expect(all.size).to.equal(ITEMS);
    const next = await read({ config, catalog, state: resumed.states });
    expect(keysOf(next)).to.include(keysOf(killed)[0]);
  });

  it('finds nothing from a far future on, and says so in one state', async () => {
    const cursor = { cursor_field: FIELD, cursor: '2999-01-01', cursor_type: 'S' };
    const run = await read({ config, catalog, state: stateOf('orders', cursor) });
    expect(run.exitCode).to.equal(0);
    expect(keysOf(run)).to.deep.equal([]);
    expect(lastState(run)).to.deep.equal(cursor);
  });

  it('is not used under full refresh, nor without a cursor field', async () => {
    const cursor = { cursor_field: FIELD, cursor: '2999-01-01', cursor_type: 'S' };
    for (const choice of [
      { syncMode: 'full_refresh', cursorField: FIELD },
      { syncMode: 'incremental' },
    ] as const) {
      const other = await discover(config, choice);
      const run = await read({ config, catalog: other, state: stateOf('orders', cursor) });
      expect(keysOf(run)).to.have.length(ITEMS);
      expect(lastState(run)).to.deep.equal({ scan_complete: true });
      expect(String(run.warnings)).to.include('the state belongs to a cursor');
    }
  });

  describe("of Airbyte's own connector", () => {
    const bound = timeOf(ITEMS - 10);

    it('between two syncs is where the next one begins', async () => {
      const shapes: readonly JsonObject[] = [
        { stream_name: 'orders', stream_namespace: null, cursor_field: FIELD, cursor: bound },
        { cursor_field: FIELD, cursor: bound, cursor_record_count: 1 },
        { cursor_field: FIELD, cursor: bound, scan: {} },
      ];
      for (const shape of shapes) {
        const connection = new Connection(config, catalog, stateOf('orders', shape));
        const run = await connection.sync();
        expect(keysOf(run), JSON.stringify(shape)).to.have.length(10);
        expect(lastState(run)).to.include({ cursor: timeOf(ITEMS - 1), cursor_type: 'S' });
      }
      const empty = await read({
        config,
        catalog,
        state: stateOf('orders', { cursor_field: FIELD }),
      });
      expect(keysOf(empty)).to.have.length(ITEMS);
    });

    it('in the middle of a scan is gone on with, and keeps its bound to the end', async () => {
      const ours = await read({ config, catalog });
      const { total_segments: total, segments } = scanOf(ours.states[4]?.stream.stream_state);
      const theirs = (segments as readonly JsonObject[]).map((segment) => ({
        ...segment,
        max_cursor: timeOf(ITEMS - 1),
      }));
      const covered = sum(
        ours.states.slice(0, 5).map(({ sourceStats }) => sourceStats?.recordCount ?? 0),
      );
      const scan = { total_segments: total, segments: theirs };
      const state = stateOf('orders', { cursor_field: FIELD, cursor: timeOf(0), scan });
      const rest = await read({ config, catalog, state });
      expect(rest.errors).to.deep.equal([]);
      expect(keysOf(rest)).to.have.length(ITEMS - covered);
      expect(lastState(rest)).to.deep.equal({
        ...{ cursor_field: FIELD, cursor: timeOf(0), cursor_type: 'S' },
      });
      expect(JSON.stringify(rest.logs)).to.include('another connector began this scan');
      for (const running of rest.states.slice(0, -1)) {
        expect(scanOf(running.stream.stream_state)).to.not.have.property('started_at');
      }
    });

    it('that has no bound has none after its scan either', async () => {
      const scan = { exclusive_start_key: { pk: { S: 'i5' } }, max_cursor: timeOf(3) };
      const state = stateOf('orders', { cursor_field: FIELD, scan });
      const run = await read({ config, catalog, state });
      expect(run.errors).to.deep.equal([]);
      expect(lastState(run)).to.deep.equal({ cursor_field: FIELD });
    });
  });
});

/** Few items a page, so that there is time for a kill. */
function slow(): JsonObject {
  return { scan: { segments: 1, page_size: 2 } };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
