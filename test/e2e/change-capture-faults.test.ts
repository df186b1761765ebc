import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { JsonObject } from '../support/json.ts';
import { discover, engineConfig, read, runCommand } from './support/source-runs.ts';

const HOUR_MS = 3_600_000;
const TABLE = 'orders';
// A sync ends only when its shards had nothing to say for seconds, so all stories are lived through side by side.
const TIMEOUT_MS = 240_000;

/** A table with a change stream, and syncs that follow it. */
class World {
  readonly aws: FakeAws;
  readonly table: ChangingTable;
  state: unknown;
  readonly #skipMs: (ms: number) => void;

  private constructor(aws: FakeAws, table: ChangingTable, skipMs: (ms: number) => void) {
    this.aws = aws;
    this.table = table;
    this.#skipMs = skipMs;
  }

  static async create(): Promise<World> {
    let offsetMs = 0;
    const now = (): number => Date.now() + offsetMs;
    const aws = await startFakeAws({ now });
    const items = { a: { v: { N: '1' } }, b: { v: { N: '1' } }, c: { v: { N: '1' } } };
    const table = new ChangingTable(aws, { name: TABLE, now, items });
    return new World(aws, table, (ms) => {
      offsetMs += ms;
    });
  }

  /** Has AWS's clock go on. */
  skip(ms: number): void {
    this.#skipMs(ms);
  }

  configOf(options: JsonObject = {}): JsonObject {
    return engineConfig(this.aws, { replication_method: { method: 'Streams', ...options } });
  }

  /** Reads what is new, from where the last sync left off. */
  async sync(options: JsonObject = {}): Promise<ConnectorRun> {
    const config = this.configOf(options);
    const catalog = await discover(config, { syncMode: 'incremental' });
    const { state } = this;
    const run = await read({ config, catalog, ...(state !== undefined && { state: [state] }) });
    this.state = run.states.at(-1) ?? state;
    return run;
  }

  async syncWell(options: JsonObject = {}): Promise<readonly JsonObject[]> {
    const run = await this.sync(options);
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    return run.records(TABLE);
  }
}

type Story = (world: World) => Promise<void>;

const STORIES: Readonly<Record<string, Story>> = {
  'begins with the rows of a snapshot, and brings every change after that, in order': async (
    world,
  ) => {
    const rows = await world.syncWell();
    expect(rows.map(({ pk, v }) => [pk, v]).sort()).to.deep.equal([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    const [base] = rows.map((row) => row._ab_cdc_cursor);
    for (const row of rows) {
      expect(row).to.deep.include({
        _ab_cdc_cursor: base,
        _ab_cdc_deleted_at: null,
        _ab_cdc_deleted_by: null,
        _ab_cdc_sequence_number: null,
      });
    }
    world.table.put('a', { v: { N: '2' } });
    world.table.put('d', { v: { N: '1' } });
    world.table.delete('b');
    world.table.delete('c', { isTtl: true });
    const changes = await world.syncWell();
    expect(
      changes.map((row) => [
        row.pk,
        row.v,
        row._ab_cdc_deleted_at !== null,
        row._ab_cdc_deleted_by,
      ]),
    ).to.deep.equal([
      ['a', 2, false, null],
      ['d', 1, false, null],
      ['b', 1, true, 'user'],
      ['c', 1, true, 'ttl'],
    ]);
    const numbers = [base, ...changes.map((row) => row._ab_cdc_cursor)] as readonly number[];
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((one, other) => one - other));
    expect(await world.syncWell()).to.deep.equal([]);
  },
  'has deletes carry the keys alone where it is asked to': async (world) => {
    await world.syncWell();
    world.table.delete('a');
    const [deleted] = await world.syncWell({ include_old_image: false });
    expect(deleted)
      .to.include({ pk: 'a', _ab_cdc_deleted_by: 'user' })
      .and.not.to.have.any.keys('v');
  },
  'goes on when other readers leave no room, and when an iterator has expired': async (world) => {
    await world.syncWell();
    world.table.put('a', { v: { N: '2' } });
    world.aws.once('GetRecords', () => awsError('LimitExceededException', 'Too many readers.'));
    world.aws.once('GetRecords', () => awsError('ExpiredIteratorException', 'Iterator expired.'));
    world.aws.once('DescribeStream', () => awsError('ThrottlingException', 'Slow down.'));
    const changes = await world.syncWell();
    expect(changes.map(({ pk, v }) => [pk, v])).to.deep.equal([['a', 2]]);
  },
  'reads parents before their children, and waits for a child that is not known yet': async (
    world,
  ) => {
    await world.syncWell();
    world.table.put('a', { v: { N: '2' } });
    const [child = ''] = world.table.stream.roll();
    world.table.put('a', { v: { N: '3' } });
    world.table.stream.reveal(child, { knownFrom: Infinity });
    world.aws.once('GetShardIterator', (input, request) =>
      world.aws.handler('GetShardIterator')(input, request),
    );
    world.aws.once('GetShardIterator', () => {
      world.table.stream.reveal(child, { knownFrom: 0 });
      return awsError('ResourceNotFoundException', 'Requested resource not found: Shard');
    });
    const changes = await world.syncWell();
    expect(changes.map(({ v }) => v)).to.deep.equal([2, 3]);
  },
  'loses nothing of a table that was quiet for most of a day': async (world) => {
    await world.syncWell();
    world.table.put('a', { v: { N: '2' } });
    await world.syncWell();
    world.skip(20 * HOUR_MS);
    world.table.put('b', { v: { N: '2' } });
    world.skip(3 * HOUR_MS);
    const run = await world.sync();
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(run.records(TABLE).map(({ pk, v }) => [pk, v])).to.deep.equal([['b', 2]]);
    expect(run.warnings.join()).to.include('23 h');
  },
  'fails when changes were trimmed, and says up to when changes are read': async (world) => {
    await loseChanges(world);
    const before = world.state;
    const run = await world.sync();
    expect(run.exitCode).to.equal(1);
    expect(run.errors[0]).to.include({ failure_type: 'config_error' });
    expect(run.errors[0]?.message)
      .to.include('24 hours')
      .and.match(/read up to \d{4}-/);
    expect(run.records(TABLE)).to.deep.equal([]);
    expect(world.state).to.deep.equal(before);
  },
  'reads a new snapshot when changes were trimmed, if it may': async (world) => {
    await loseChanges(world);
    const run = await world.sync({ invalid_cdc_cursor_position_behavior: 'Re-sync data' });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    const living = run.records(TABLE).filter((row) => row._ab_cdc_sequence_number === null);
    expect(living.map(({ pk, v }) => [pk, v]).sort()).to.deep.equal([
      ['a', 2],
      ['b', 2],
      ['d', 1],
    ]);
    expect(run.warnings.join()).to.include('deleted');
  },
  'reads a disabled change stream to its end, and then says how to go on': async (world) => {
    await world.syncWell();
    world.table.put('a', { v: { N: '2' } });
    const catalog = await discover(world.configOf(), { syncMode: 'incremental' });
    world.table.disableStream();
    const run = await read({ config: world.configOf(), catalog, state: [world.state] });
    expect(run.records(TABLE).map(({ v }) => v)).to.deep.equal([2]);
    expect(run.exitCode).to.equal(1);
    expect(run.errors[0]).to.include({ failure_type: 'config_error' });
    expect(run.errors[0]?.message).to.include('change stream');
  },
  'reads what a former change stream holds before the snapshot of a new one': async (world) => {
    await world.syncWell();
    world.table.put('a', { v: { N: '2' } });
    world.table.delete('b');
    world.table.renewStream();
    expect((await world.sync()).exitCode).to.equal(1);
    const run = await world.sync({ invalid_cdc_cursor_position_behavior: 'Re-sync data' });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(run.logs.map(({ message }) => message).join()).to.match(/read 4 records .*; 2 changes,/);
    const rows = run.records(TABLE);
    const deleted = rows.find((row) => row._ab_cdc_deleted_at !== null);
    expect(deleted).to.include({ pk: 'b', _ab_cdc_deleted_by: 'user' });
    const snapshot = rows.filter((row) => row._ab_cdc_sequence_number === null);
    expect(snapshot.map(({ pk, v }) => [pk, v]).sort()).to.deep.equal([
      ['a', 2],
      ['c', 1],
    ]);
    const [base = 0] = snapshot.map((row) => Number(row._ab_cdc_cursor));
    expect(base).to.be.above(Number(deleted?._ab_cdc_cursor));
  },
  'reads nothing from the change stream of another table that a state names': async (world) => {
    const rows = await world.syncWell();
    const other = new ChangingTable(world.aws, { name: 'other' });
    other.put('x', { v: { N: '1' } });
    world.state = JSON.parse(
      JSON.stringify(world.state).replaceAll(world.table.stream.arn, other.stream.arn),
    ) as unknown;
    const catalog = await discover(world.configOf(), { syncMode: 'incremental', streams: [TABLE] });
    const config = world.configOf({ invalid_cdc_cursor_position_behavior: 'Re-sync data' });
    const run = await read({ config, catalog, state: [world.state] });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(run.warnings.join()).to.include('new change stream');
    const keys = run.records(TABLE).map(({ pk }) => pk);
    expect(keys.sort()).to.deep.equal(rows.map(({ pk }) => pk).sort());
  },
  'says what comes after a disabled change stream when no option has to be set': async (world) => {
    await world.syncWell();
    const catalog = await discover(world.configOf(), { syncMode: 'incremental' });
    world.table.disableStream();
    const config = world.configOf({ invalid_cdc_cursor_position_behavior: 'Re-sync data' });
    const run = await read({ config, catalog, state: [world.state] });
    expect(run.errors[0]?.message).to.include('goes on as after a gap').and.not.include('set "');
  },
};

/** Changes that nobody has read and that are older than a day. */
async function loseChanges(world: World): Promise<void> {
  const { table } = world;
  table.put('a', { v: { N: '2' } });
  await world.syncWell();
  world.skip(HOUR_MS);
  table.put('b', { v: { N: '2' } });
  table.delete('c');
  world.skip(25 * HOUR_MS);
  table.put('d', { v: { N: '1' } });
}

async function live(story: Story): Promise<void> {
  const world = await World.create();
  try {
    await story(world);
  } finally {
    await world.aws.stop();
  }
}

describe('change capture', function () {
  this.timeout(TIMEOUT_MS);
  let lives: ReadonlyMap<string, Promise<void>>;

  before(() => {
    lives = new Map(Object.entries(STORIES).map(([title, story]) => [title, live(story)]));
    // Each is awaited by its own test.
    for (const life of lives.values()) life.catch(() => undefined);
  });

  for (const title of Object.keys(STORIES)) it(title, () => lives.get(title));

  for (const operation of ['DescribeStream', 'GetShardIterator', 'GetRecords']) {
    it(`is checked for the permission to call ${operation}`, () =>
      live(async (world) => {
        world.aws.on(operation, () => awsError('AccessDeniedException', 'not authorized'));
        const { connectionStatus } = await runCommand('check', world.configOf());
        expect(connectionStatus?.status).to.equal('FAILED');
        expect(connectionStatus?.message)
          .to.include(`dynamodb:${operation}`)
          .and.include(world.table.stream.arn)
          .and.include('"stream/*"');
      }));
  }
});
