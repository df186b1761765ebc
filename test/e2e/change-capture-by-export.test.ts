import { expect } from 'chai';
import type { ModelRow } from '../support/change-model/destinations.ts';
import { awsError } from '../support/fake-aws.ts';
import { CapturedTable, ITEMS, TABLE } from './support/captured-table.ts';
import { runCommand } from './support/source-runs.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const RECOVER = { invalid_cdc_cursor_position_behavior: 'Recover by export' };

type Story = (captured: CapturedTable) => Promise<void>;

// A sync ends only when its shards had nothing to say for seconds, so all stories are lived through side by side.
const STORIES: Readonly<Record<string, Story>> = {
  'begins with an export as of its start, through kills, and no change before its rows': async (
    captured,
  ) => {
    const method = { initial_snapshot: 'export' };
    await captured.prepare(method);
    const sampling = captured.aws.requestsTo('Scan').length;
    const run = await captured.start(method);
    await run.waitFor(({ type }) => type === 'STATE');
    captured.put('k1');
    captured.remove('k2');
    captured.put('late');
    run.kill('SIGKILL');
    const killed = captured.take(await run.done);
    expect(killed.recordCount(TABLE)).to.equal(0);
    // Now the moment of the start can be exported.
    captured.clock.advance(10 * MINUTE_MS);
    const second = await captured.syncWell(method);
    expect(captured.exports.started.map(({ scope }) => scope.kind)).to.deep.equal(['full']);
    expect(captured.aws.requestsTo('Scan')).to.have.length(sampling);
    const cursors = (second.records(TABLE) as unknown as readonly ModelRow[]).map(
      ({ _ab_cdc_cursor: cursor }) => cursor,
    );
    // All rows have one number, and stand before the changes, whose numbers are larger.
    expect(cursors).to.have.length(ITEMS + 3);
    expect(new Set(cursors.slice(0, ITEMS)).size).to.equal(1);
    expect(Math.min(...cursors.slice(ITEMS))).to.be.above(cursors[0] ?? Infinity);
    captured.expectSame();
    captured.put('k3');
    const third = await captured.sync(method);
    expect(third.recordCount(TABLE)).to.equal(1);
    captured.expectSame();
  },
  'begins with an export as of a later time where recovery was not enabled at its start': async (
    captured,
  ) => {
    const { clock, exports } = captured;
    const method = { initial_snapshot: 'export' };
    exports.isEnabled = false;
    const first = await captured.sync(method);
    expect(first.errors[0]?.message).to.include('Point-in-time recovery is not enabled');
    captured.put('k1');
    captured.remove('k2');
    clock.advance(HOUR_MS);
    exports.isEnabled = true;
    exports.earliest = clock.now() - 10 * MINUTE_MS;
    captured.put('late');
    await captured.syncWell(method);
    const [scope] = exports.started.map((started) => started.scope);
    const time = 1000 * Math.ceil(exports.earliest / 1000);
    expect(scope).to.deep.equal({ kind: 'full', time });
    captured.expectSame();
    captured.remove('k3');
    expect((await captured.sync(method)).recordCount(TABLE)).to.equal(1);
    captured.expectSame();
  },
  'repairs a gap with incremental exports, deletes included': async (captured) => {
    await captured.syncWell(RECOVER);
    captured.clock.advance(2 * HOUR_MS);
    captured.remove('k1');
    captured.put('k2');
    captured.put('made');
    captured.remove('k3');
    captured.put('k3');
    captured.clock.advance(40 * HOUR_MS);
    captured.remove('k4');
    captured.put('k5');
    const second = await captured.syncWell(RECOVER);
    captured.expectSame();
    expect(second.text).to.match(/3 incremental exports of orders are read for them/);
    expect(captured.exports.started.map(({ scope }) => scope.kind)).to.deep.equal([
      'incremental',
      'incremental',
      'incremental',
    ]);
    expect(second.records(TABLE)).to.have.length.below(ITEMS);
    const third = await captured.sync(RECOVER);
    expect(third.recordCount(TABLE)).to.equal(0);
  },
  'brings what was written while the change stream was disabled': async (captured) => {
    await captured.syncWell(RECOVER);
    captured.table.disableStream();
    captured.clock.advance(HOUR_MS);
    captured.remove('k2');
    captured.put('k3');
    captured.put('made');
    captured.clock.advance(HOUR_MS);
    captured.table.renewStream();
    const madeAt = captured.clock.now();
    captured.clock.advance(HOUR_MS);
    captured.remove('k4');
    captured.put('k5');
    const second = await captured.syncWell(RECOVER);
    expect(second.warnings.join()).to.include('The table orders has a new change stream.');
    captured.expectSame();
    // The new change stream tells of everything behind its beginning.
    const ends = captured.exports.started.map(({ scope }) =>
      scope.kind === 'incremental' ? scope.to : Infinity,
    );
    expect(Math.max(...ends)).to.be.within(madeAt, madeAt + 2 * MINUTE_MS);
    expect(second.records(TABLE)).to.have.length.below(ITEMS);
  },
  'makes a new snapshot where recovery does not reach back, and says why': async (captured) => {
    await captured.sync(RECOVER);
    captured.clock.advance(30 * HOUR_MS);
    captured.exports.earliest = captured.clock.now() - HOUR_MS;
    const run = await captured.syncWell(RECOVER);
    expect(run.text).to.include('its point-in-time recovery reaches back to');
    expect(run.text).to.include('A new snapshot of orders is read');
    expect(run.recordCount(TABLE)).to.equal(ITEMS);
  },
  'gives up no repair for want of a permission': async (captured) => {
    const { aws, clock } = captured;
    await captured.sync(RECOVER);
    clock.advance(2 * HOUR_MS);
    captured.remove('k1');
    clock.advance(40 * HOUR_MS);
    const answer = aws.handler('DescribeContinuousBackups');
    aws.on('DescribeContinuousBackups', () => awsError('AccessDeniedException', 'not authorized'));
    const refused = await captured.sync(RECOVER);
    expect(refused.exitCode).to.equal(1);
    expect(refused.errors[0]).to.include({ failure_type: 'config_error' });
    expect(refused.errors[0]?.message).to.include('Allow dynamodb:DescribeContinuousBackups');
    aws.on('DescribeContinuousBackups', answer);
    await captured.syncWell(RECOVER);
    captured.expectSame();
  },
  'is checked for recovery and a bucket': async (captured) => {
    for (const method of [{ initial_snapshot: 'export' }, RECOVER]) {
      const config = captured.config(method);
      const without = await runCommand('check', { ...config, export: {} });
      expect(without.connectionStatus?.message).to.include('"export.s3_bucket" is missing');
      captured.exports.isEnabled = false;
      const off = await runCommand('check', config);
      expect(off.connectionStatus?.message).to.include('Point-in-time recovery is not enabled');
      captured.exports.isEnabled = true;
      expect((await runCommand('check', config)).connectionStatus).to.deep.equal({
        status: 'SUCCEEDED',
      });
    }
  },
};

async function live(story: Story): Promise<void> {
  const captured = await CapturedTable.create();
  try {
    await story(captured);
  } finally {
    await captured.stop();
  }
}

describe('change capture with exports', function () {
  this.timeout(150_000);
  let lives: ReadonlyMap<string, Promise<void>>;

  before(() => {
    lives = new Map(Object.entries(STORIES).map(([title, story]) => [title, live(story)]));
    // Each is awaited by its own test.
    for (const life of lives.values()) life.catch(() => undefined);
  });

  for (const title of Object.keys(STORIES)) it(title, () => lives.get(title));
});
