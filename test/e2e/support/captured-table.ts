import { expect } from 'chai';
import { createDestinations, type ModelRow } from '../../support/change-model/destinations.ts';
import type { ConnectorRun, RunningConnector } from '../../support/connector.ts';
import { type FakeAws, startFakeAws } from '../../support/fake-aws.ts';
import { type FakeExports, fakeExports } from '../../support/fake-exports/fake-exports.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../../support/fake-exports/table-history.ts';
import { ChangingTable } from '../../support/fake-streams/changing-table.ts';
import type { JsonObject } from '../../support/json.ts';
import type { StatePayload } from '../../support/messages.ts';
import { createMovableClock, type MovableClock } from './movable-clock.ts';
import { discover, engineConfig, read, type ReadInput, startRead } from './source-runs.ts';

const HOUR_MS = 3_600_000;

/** The table of every `CapturedTable`. */
export const TABLE = 'orders';
/** Items that it has at the beginning, `k0` and so on. */
export const ITEMS = 40;

/** A table with a change stream and recovery, in an AWS of its own, and what becomes of it in destinations of every kind. */
export class CapturedTable {
  readonly clock: MovableClock;
  readonly aws: FakeAws;
  readonly exports: FakeExports;
  readonly table: ChangingTable;
  readonly #s3: FakeS3;
  readonly #history = new TableHistory();
  readonly #destinations = createDestinations();
  #state: readonly StatePayload[] = [];
  #version = 0;
  #catalog: unknown;

  private constructor(clock: MovableClock, aws: FakeAws, s3: FakeS3) {
    this.clock = clock;
    this.aws = aws;
    this.#s3 = s3;
    const items: Record<string, JsonObject> = {};
    for (let key = 0; key < ITEMS; key++) {
      items[`k${key}`] = { v: { N: String(++this.#version) } };
      this.#history.put(1000 * (clock.now() - HOUR_MS), `k${key}`, this.#version);
    }
    this.table = new ChangingTable(aws, { name: TABLE, items, now: clock.now });
    this.exports = fakeExports({
      ...{ aws, table: TABLE, history: this.#history, objects: s3.objects, now: clock.now },
      ...{ durationMs: 500, files: 3 },
    });
  }

  static async create(): Promise<CapturedTable> {
    const clock = await createMovableClock();
    const aws = await startFakeAws({ now: clock.now });
    return new CapturedTable(clock, aws, await startFakeS3(aws.secretAccessKey, clock.now));
  }

  async stop(): Promise<void> {
    await this.#s3.stop();
    await this.aws.stop();
  }

  put(key: string): void {
    this.table.put(key, { v: { N: String(++this.#version) } });
    this.#history.put(1000 * this.clock.now(), key, this.#version);
  }

  remove(key: string): void {
    this.table.delete(key);
    this.#history.delete(1000 * this.clock.now(), key);
  }

  config(method: JsonObject): JsonObject {
    return engineConfig(this.aws, {
      s3_endpoint: this.#s3.endpoint,
      export: { s3_bucket: this.#s3.bucket },
      replication_method: { method: 'Streams', ...method },
      checkpoint_target_interval_seconds: 0,
    });
  }

  /** What a sync is started with; the catalog is discovered before the first one. */
  async prepare(method: JsonObject): Promise<ReadInput> {
    const config = this.config(method);
    this.#catalog ??= await discover(config, { syncMode: 'incremental' });
    return { config, catalog: this.#catalog, state: this.#state };
  }

  /** Starts a sync, whose run is to be taken. */
  async start(method: JsonObject): Promise<RunningConnector> {
    return startRead(await this.prepare(method), { env: this.clock.env });
  }

  async sync(method: JsonObject): Promise<ConnectorRun> {
    return this.take(await read(await this.prepare(method), { env: this.clock.env }));
  }

  /** The same, of a sync that succeeds. */
  async syncWell(method: JsonObject): Promise<ConnectorRun> {
    const run = await this.sync(method);
    expect(run.exitCode, run.text.slice(-3000) + run.stderr).to.equal(0);
    return run;
  }

  /** Has the destinations take the records of a run, and keeps its last state, or the former one. */
  take(run: ConnectorRun): ConnectorRun {
    const rows = run.records(TABLE) as unknown as readonly ModelRow[];
    for (const row of rows) for (const destination of this.#destinations) destination.take(row);
    if (run.states.length > 0) this.#state = run.states.slice(-1);
    return run;
  }

  expectSame(): void {
    const items = [...this.table.items].map(([pk, { v }]) => [pk, Number((v as { N: string }).N)]);
    for (const { name, rows } of this.#destinations) {
      expect([...rows].sort(), name).to.deep.equal(items.sort());
    }
  }
}
