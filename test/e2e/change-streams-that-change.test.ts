import { expect } from 'chai';
import { createDestinations, type ModelRow } from '../support/change-model/destinations.ts';
import type { ConnectorRun } from '../support/connector.ts';
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { StatePayload } from '../support/messages.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { createMovableClock, type MovableClock } from './support/movable-clock.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 240_000;
const METHOD = { replication_method: { method: 'Streams' }, scan: { segments: 2 } };

/** A table, and what becomes of it in destinations of every kind. */
class Replica {
  readonly table: ChangingTable;
  readonly #destinations = createDestinations();

  constructor(table: ChangingTable) {
    this.table = table;
  }

  take(run: ConnectorRun): readonly ModelRow[] {
    const rows = run.records(this.table.name) as unknown as readonly ModelRow[];
    for (const row of rows) for (const destination of this.#destinations) destination.take(row);
    return rows;
  }

  expectSame(): void {
    const items = [...this.table.items].map(([pk, { v }]) => [pk, Number((v as { N: string }).N)]);
    for (const { name, rows } of this.#destinations) {
      expect([...rows].sort(), `${this.table.name}, ${name}`).to.deep.equal(items.sort());
    }
  }
}

/** One sync after another, while AWS's clock goes on. */
describe('change streams that change between and in syncs', () => {
  const random = seededRandom(16);
  let version = 0;
  let clock: MovableClock;
  let aws: FakeAws;
  let busy: Replica;
  let quiet: Replica;
  let disabled: Replica;
  let renewed: Replica;
  let catalog: unknown;
  let state: StatePayload[] = [];

  before(async function () {
    this.timeout(TIMEOUT_MS);
    clock = await createMovableClock();
    aws = await startFakeAws({ now: clock.now });
    busy = createReplica('busy', 2);
    quiet = createReplica('quiet');
    disabled = createReplica('disabled');
    renewed = createReplica('renewed');
    catalog = await discover(config(), { syncMode: 'incremental' });
  });
  after(() => aws.stop());

  function config(): ReturnType<typeof engineConfig> {
    return engineConfig(aws, METHOD);
  }

  function createReplica(name: string, shards = 1): Replica {
    const entries = Array.from({ length: 30 }, (_, key) => [`k${key}`, nextVersion()] as const);
    const items = Object.fromEntries(entries);
    return new Replica(
      new ChangingTable(aws, { name, shards, items, pageSize: 4, now: clock.now }),
    );
  }

  function nextVersion(): { readonly v: { readonly N: string } } {
    return { v: { N: String(++version) } };
  }

  function changeOne({ table }: Replica): void {
    const key = `k${Math.floor(random() * 30)}`;
    if (random() < 0.4) table.delete(key, { isTtl: random() < 0.5 });
    else table.put(key, nextVersion());
  }

  async function sync(): Promise<ConnectorRun> {
    const run = await read({ config: config(), catalog, state }, { env: clock.env });
    for (const replica of [busy, quiet, disabled, renewed]) replica.take(run);
    const latest = [...state, ...run.states].map(
      (entry) => [entry.stream.stream_descriptor.name, entry] as const,
    );
    state = [...new Map(latest).values()];
    return run;
  }

  /** Has something happen after each of the next calls of an operation for a table. */
  function onCalls(operation: string, name: string, acts: readonly (() => void)[]): void {
    const answer = aws.handler(operation);
    const left = [...acts];
    aws.on(operation, async (input, request) => {
      const reply = await answer(input, request);
      if (JSON.stringify(input).includes(name)) left.shift()?.();
      return reply;
    });
  }

  it('are read in the middle of a snapshot, through splits and limits', async () => {
    const { stream } = busy.table;
    const change = (): void => changeOne(busy);
    const split = (): void => {
      const [shard = ''] = stream.openShards;
      const [child = ''] = stream.roll(2, [shard]);
      stream.reveal(child, { listedFrom: clock.now() + 2000, knownFrom: clock.now() + 4000 });
      for (const open of stream.openShards) stream.stall(open, 3);
    };
    onCalls('Scan', 'busy', [change, split, change, change, split, change, change, change]);
    onCalls('GetRecords', 'busy', [
      ...[change, () => stream.crowd(stream.openShards[0] ?? '', 2), change, split, change],
    ]);
    const first = await sync();
    expect(first.exitCode, first.text.slice(-3000) + first.stderr).to.equal(0);
    for (const replica of [quiet, disabled, renewed]) replica.expectSame();
    // What happened behind the snapshot's end may come with the next sync.
    clock.advance(HOUR_MS);
    const second = await sync();
    expect(second.exitCode, second.text.slice(-3000) + second.stderr).to.equal(0);
    expect(second.recordCount('quiet')).to.equal(0);
    busy.expectSame();
  }).timeout(TIMEOUT_MS);

  it('are read on within a day, whatever else became of others', async () => {
    for (let count = 0; count < 40; count++) changeOne(busy);
    busy.table.stream.roll(1);
    quiet.table.stream.roll(1);
    changeOne(disabled);
    disabled.table.disableStream();
    changeOne(renewed);
    renewed.table.renewStream();
    clock.advance(20 * HOUR_MS);
    for (let count = 0; count < 40; count++) changeOne(busy);
    const run = await sync();
    expect(run.exitCode, run.text.slice(-3000) + run.stderr).to.equal(1);
    for (const replica of [busy, quiet, disabled]) replica.expectSame();
    expect(run.statuses('busy').at(-1)).to.equal('COMPLETE');
    expect(run.statuses('quiet').at(-1)).to.equal('COMPLETE');
    const failures = new Map(
      run.errors.map(({ stream_descriptor: stream, message }) => [stream?.name, message]),
    );
    expect([...failures.keys()].sort()).to.deep.equal(['disabled', 'renewed']);
    expect(failures.get('disabled')).to.include('Enable it again');
    expect(failures.get('renewed')).to.include('has a new change stream');
  }).timeout(TIMEOUT_MS);

  it('fail behind changes that were trimmed', async () => {
    quiet.table.put('k0', nextVersion());
    clock.advance(30 * HOUR_MS);
    const run = await sync();
    const failed = run.errors.find((error) => error.stream_descriptor?.name === 'quiet');
    expect(failed?.message).to.include('DynamoDB keeps them for 24 hours only');
    expect(failed?.failure_type).to.equal('config_error');
    expect(run.recordCount('quiet')).to.equal(0);
  }).timeout(TIMEOUT_MS);
});
