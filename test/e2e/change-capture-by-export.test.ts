import { expect } from 'chai';
import { createDestinations, type ModelRow } from '../support/change-model/destinations.ts';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { type FakeExports, fakeExports } from '../support/fake-exports/fake-exports.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { JsonObject } from '../support/json.ts';
import type { StatePayload } from '../support/messages.ts';
import { createMovableClock, type MovableClock } from './support/movable-clock.ts';
import { discover, engineConfig, read, runCommand, startRead } from './support/source-runs.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ITEMS = 40;
const TABLE = 'orders';

/** A table with a change stream and recovery, and what becomes of it in destinations of every kind. */
describe('change capture with exports', () => {
  let clock: MovableClock;
  let aws: FakeAws;
  let s3: FakeS3;
  let history: TableHistory;
  let table: ChangingTable;
  let exports: FakeExports;
  let destinations: ReturnType<typeof createDestinations>;
  let state: readonly StatePayload[];
  let version: number;
  let catalog: unknown;

  beforeEach(async () => {
    clock = await createMovableClock();
    aws = await startFakeAws({ now: clock.now });
    s3 = await startFakeS3(aws.secretAccessKey);
    history = new TableHistory();
    destinations = createDestinations();
    state = [];
    version = 0;
    catalog = undefined;
    const items: Record<string, JsonObject> = {};
    for (let key = 0; key < ITEMS; key++) {
      items[`k${key}`] = { v: { N: String(++version) } };
      history.put(1000 * (clock.now() - HOUR_MS), `k${key}`, version);
    }
    table = new ChangingTable(aws, { name: TABLE, items, now: clock.now });
    exports = fakeExports({
      ...{ aws, table: TABLE, history, objects: s3.objects, now: clock.now },
      ...{ durationMs: 500, files: 3 },
    });
  });
  afterEach(async () => {
    await s3.stop();
    await aws.stop();
  });

  function put(key: string): void {
    table.put(key, { v: { N: String(++version) } });
    history.put(1000 * clock.now(), key, version);
  }

  function remove(key: string): void {
    table.delete(key);
    history.delete(1000 * clock.now(), key);
  }

  function config(method: JsonObject): JsonObject {
    return engineConfig(aws, {
      s3_endpoint: s3.endpoint,
      export: { s3_bucket: s3.bucket },
      replication_method: { method: 'Streams', ...method },
      checkpoint_target_interval_seconds: 0,
    });
  }

  async function createInput(method: JsonObject) {
    catalog ??= await discover(config(method), { syncMode: 'incremental' });
    return { config: config(method), catalog, state };
  }

  async function sync(method: JsonObject): Promise<ConnectorRun> {
    return take(await read(await createInput(method), { env: clock.env }));
  }

  function take(run: ConnectorRun): ConnectorRun {
    const rows = run.records(TABLE) as unknown as readonly ModelRow[];
    for (const row of rows) for (const destination of destinations) destination.take(row);
    state = run.states.slice(-1);
    return run;
  }

  function expectSame(): void {
    const items = [...table.items].map(([pk, { v }]) => [pk, Number((v as { N: string }).N)]);
    for (const { name, rows } of destinations) {
      expect([...rows].sort(), name).to.deep.equal(items.sort());
    }
  }

  it('begins with an export as of its start, through kills, and no change before its rows', async () => {
    const method = { initial_snapshot: 'export' };
    const input = await createInput(method);
    const sampling = aws.requestsTo('Scan').length;
    const run = await startRead(input, { env: clock.env });
    await run.waitFor(({ type }) => type === 'STATE');
    put('k1');
    remove('k2');
    put('late');
    run.kill('SIGKILL');
    const killed = take(await run.done);
    expect(killed.recordCount(TABLE)).to.equal(0);
    // Now the moment of the start can be exported.
    clock.advance(10 * MINUTE_MS);
    const second = await sync(method);
    expect(second.exitCode, second.text.slice(-3000) + second.stderr).to.equal(0);
    expect(exports.started.map(({ scope }) => scope.kind)).to.deep.equal(['full']);
    expect(aws.requestsTo('Scan')).to.have.length(sampling);
    const cursors = (second.records(TABLE) as unknown as readonly ModelRow[]).map(
      ({ _ab_cdc_cursor: cursor }) => cursor,
    );
    // All rows have one number, and stand before the changes, whose numbers are larger.
    expect(cursors).to.have.length(ITEMS + 3);
    expect(new Set(cursors.slice(0, ITEMS)).size).to.equal(1);
    expect(Math.min(...cursors.slice(ITEMS))).to.be.above(cursors[0] ?? Infinity);
    expectSame();
    put('k3');
    const third = await sync(method);
    expect(third.recordCount(TABLE)).to.equal(1);
    expectSame();
  }).timeout(240_000);

  it('repairs a gap with incremental exports, deletes included', async () => {
    const method = { invalid_cdc_cursor_position_behavior: 'Recover by export' };
    const first = await sync(method);
    expect(first.exitCode, first.text.slice(-3000) + first.stderr).to.equal(0);
    clock.advance(2 * HOUR_MS);
    remove('k1');
    put('k2');
    put('made');
    remove('k3');
    put('k3');
    clock.advance(40 * HOUR_MS);
    remove('k4');
    put('k5');
    const second = await sync(method);
    expect(second.exitCode, second.text.slice(-3000) + second.stderr).to.equal(0);
    expectSame();
    expect(second.text).to.match(/3 incremental exports of orders are read for them/);
    expect(exports.started.map(({ scope }) => scope.kind)).to.deep.equal(
      Array.from({ length: 3 }, () => 'incremental'),
    );
    expect(second.records(TABLE)).to.have.length.below(ITEMS);
    const third = await sync(method);
    expect(third.recordCount(TABLE)).to.equal(0);
  }).timeout(240_000);

  it('makes a new snapshot where recovery does not reach back, and says why', async () => {
    const method = { invalid_cdc_cursor_position_behavior: 'Recover by export' };
    await sync(method);
    clock.advance(30 * HOUR_MS);
    exports.earliest = clock.now() - HOUR_MS;
    const run = await sync(method);
    expect(run.exitCode, run.text.slice(-3000) + run.stderr).to.equal(0);
    expect(run.text).to.include('its point-in-time recovery reaches back to');
    expect(run.text).to.include('A new snapshot of orders is read');
    expect(run.recordCount(TABLE)).to.equal(ITEMS);
  }).timeout(240_000);

  it('gives up no repair for want of a permission', async () => {
    const method = { invalid_cdc_cursor_position_behavior: 'Recover by export' };
    await sync(method);
    clock.advance(2 * HOUR_MS);
    remove('k1');
    clock.advance(40 * HOUR_MS);
    const answer = aws.handler('DescribeContinuousBackups');
    aws.on('DescribeContinuousBackups', () => awsError('AccessDeniedException', 'not authorized'));
    const before = state;
    const refused = await sync(method);
    expect(refused.exitCode).to.equal(1);
    expect(refused.errors[0]).to.include({ failure_type: 'config_error' });
    expect(refused.errors[0]?.message).to.include('Allow dynamodb:DescribeContinuousBackups');
    aws.on('DescribeContinuousBackups', answer);
    state = before;
    const repaired = await sync(method);
    expect(repaired.exitCode, repaired.text.slice(-3000) + repaired.stderr).to.equal(0);
    expectSame();
  }).timeout(240_000);

  it('is checked for recovery and a bucket', async () => {
    for (const method of [
      { initial_snapshot: 'export' },
      { invalid_cdc_cursor_position_behavior: 'Recover by export' },
    ]) {
      const without = await runCommand('check', { ...config(method), export: {} });
      expect(without.connectionStatus?.message).to.include('"export.s3_bucket" is missing');
      exports.isEnabled = false;
      const off = await runCommand('check', config(method));
      expect(off.connectionStatus?.message).to.include('Point-in-time recovery is not enabled');
      exports.isEnabled = true;
      expect((await runCommand('check', config(method))).connectionStatus).to.deep.equal({
        status: 'SUCCEEDED',
      });
    }
  }).timeout(240_000);
});
