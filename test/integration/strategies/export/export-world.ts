import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import { PAGE_BYTES } from '../../../../src/aws/calls/page-borrower.ts';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { OpenObjects } from '../../../../src/aws/s3/open-objects.ts';
import { describeTable } from '../../../../src/aws/dynamodb/tables.ts';
import type { Config } from '../../../../src/config/config.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import type { ItemPage } from '../../../../src/item-page.ts';
import { createRecordLine } from '../../../../src/protocol/record-line.ts';
import { TranscoderEngine } from '../../../../src/records/transcoder-engine.ts';
import { chooseMethod } from '../../../../src/strategies/choose-method.ts';
import { ExportStrategy } from '../../../../src/strategies/export/export-strategy.ts';
import { Inflater } from '../../../../src/strategies/export/inflate/inflater.ts';
import { parseSavedState } from '../../../../src/strategies/saved-state.ts';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws.ts';
import { type FakeExports, fakeExports } from '../../../support/fake-exports/fake-exports.ts';
import { type FakeS3, startFakeS3 } from '../../../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../../../support/fake-exports/table-history.ts';
import type { WaitFigures } from '../../../../src/wait-figures.ts';
import type { JsonObject } from '../../../support/json.ts';
import { openConnection } from '../../aws/open-connection.ts';

export const TABLE = 'orders';
const PAGES = 24;
const ENGINE = new TranscoderEngine({ pageBytes: PAGES * PAGE_BYTES, sessions: 1 });
const POOL = new PageBufferPool({ pages: PAGES, readers: 1, space: ENGINE.pages });
const OUTPUT = await ENGINE.lendOutput();
const START = Date.parse('2026-11-01T00:00:00Z');

/** A record as a destination gets it. */
export type ExportedRow = JsonObject & { readonly pk: string; readonly v?: number };

/** What one attempt brought, in the order in which it was written. */
export type Emission =
  | { readonly kind: 'record'; readonly row: ExportedRow }
  | { readonly kind: 'state'; readonly state: JsonObject };

/** How an attempt is run. */
export interface AttemptOptions {
  readonly syncMode?: 'full_refresh' | 'incremental';
  readonly saved?: JsonObject | undefined;
  /** More properties of the config. */
  readonly config?: JsonObject;
  /** Whether a state is written behind this page; always behind a checkpoint. */
  readonly writesState?: () => boolean;
  /** Whether the process dies behind this page. */
  readonly dies?: () => boolean;
  readonly signal?: AbortSignal;
}

/** AWS with one table, whose exports go into one bucket, and time that passes only when it is told to. */
export class ExportWorld {
  readonly history = new TableHistory();
  readonly notices: string[] = [];
  /** How the read waited, each time before it looked again how its export goes. */
  readonly waits: WaitFigures[] = [];
  readonly aws: FakeAws;
  readonly s3: FakeS3;
  readonly exports: FakeExports;
  readonly #inflater = new Inflater();
  readonly #connection: DynamoDbConnection;
  readonly #clock: { ms: number };

  private constructor(
    aws: FakeAws,
    s3: FakeS3,
    clock: { ms: number },
    connection: DynamoDbConnection,
    files: number,
  ) {
    this.aws = aws;
    this.s3 = s3;
    this.#clock = clock;
    this.#connection = connection;
    this.exports = fakeExports({
      ...{ aws, history: this.history, objects: s3.objects, table: TABLE, files, members: 2 },
      now: () => clock.ms,
      durationMs: 400_000,
    });
    this.exports.earliest = START - 1_000_000;
  }

  static async open(files = 3): Promise<ExportWorld> {
    const clock = { ms: START };
    const partitionKey = { name: 'pk', type: 'S' as const };
    const aws = await startFakeAws({
      tables: [{ name: TABLE, partitionKey, items: [] }],
      now: () => clock.ms,
    });
    const s3 = await startFakeS3(aws.secretAccessKey, () => clock.ms);
    return new ExportWorld(aws, s3, clock, await openConnection(aws), files);
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#clock.ms;
  }

  /** Has time pass. */
  pass(ms: number): void {
    this.#clock.ms += ms;
  }

  parseConfig(more: JsonObject = {}): Config {
    const { region, accessKeyId, secretAccessKey } = this.aws;
    return parseConfig({
      region,
      credentials: {
        auth_type: 'User',
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
      },
      s3_endpoint: this.s3.endpoint,
      replication_method: { method: 'Export' },
      export: { s3_bucket: this.s3.bucket, s3_prefix: 'airbyte/orders' },
      ...more,
    });
  }

  /** What an attempt writes, as it comes. It throws what the attempt fails of. */
  async *attempt(options: AttemptOptions): AsyncGenerator<Emission> {
    const strategy = await this.#plan(options);
    if (!(strategy instanceof ExportStrategy)) {
      yield { kind: 'state', state: strategy as JsonObject };
      return;
    }
    const { signal = new AbortController().signal, writesState = () => true } = options;
    const state = (): Emission => ({ kind: 'state', state: strategy.state() as JsonObject });
    for await (const page of strategy.read(signal)) {
      for (const row of readRows(page)) yield { kind: 'record', row };
      page.advance();
      page.release();
      if (page.isCheckpoint === true || writesState()) yield state();
      if (options.dies?.() === true) return;
    }
    yield state();
  }

  async close(): Promise<void> {
    this.#connection.close();
    await this.#inflater.close();
    await this.s3.stop();
    await this.aws.stop();
  }

  /** The strategy; or the state of what is finished. */
  async #plan({ syncMode = 'incremental', saved, config: more }: AttemptOptions) {
    const config = this.parseConfig(more);
    const name = { name: TABLE, reference: TABLE };
    const table = await describeTable(this.#connection, name, new AbortController().signal);
    const parsed = parseSavedState(saved);
    if (parsed.kind === 'unfit') throw new Error(`no state of ours: ${JSON.stringify(saved)}`);
    const stream = { descriptor: { name: TABLE }, syncMode, jsonSchema: {}, cursorField: [] };
    const plan = chooseMethod(config).plan({ stream, table, saved: parsed });
    if (plan.kind === 'finished') return plan.state;
    if (plan.kind !== 'export') throw new Error(`a plan of ${plan.kind}`);
    for (const { message } of plan.notices) this.notices.push(message);
    const events = {
      retrying: () => undefined,
      rateLimited: () => undefined,
      told: ({ message }: { message: string }) => void this.notices.push(message),
    };
    const resources = {
      ...{ connection: this.#connection, pages: POOL, objects: new OpenObjects(4) },
      ...{ inflater: this.#inflater, config, events },
    };
    const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
      signal.throwIfAborted();
      this.waits.push(strategy.waitFigures());
      this.pass(Math.max(ms, 30_000));
      return Promise.resolve();
    };
    // A page of one or two lines.
    const strategy = new ExportStrategy(plan, resources, { sleep, pageBytes: 64 });
    return strategy;
  }
}

function readRows(page: ItemPage): readonly ExportedRow[] {
  if (page.runs.length === 0) return [];
  const session = ENGINE.openSession({
    line: createRecordLine({ name: TABLE }),
    config: {
      format: 'columns',
      nestedValues: 'json',
      numberValues: 'number',
      unlistedAttributes: 'emit',
    },
    listed: undefined,
    keys: ['pk'],
  });
  try {
    const { lines, recordCount } = session.transcode(page, OUTPUT, 0);
    const texts = Buffer.from(lines).toString().trimEnd().split('\n');
    if (texts.length !== recordCount || recordCount !== page.itemCount)
      throw new Error('miscounted');
    return texts.map((text) => {
      const { record } = JSON.parse(text) as { record: { data: ExportedRow } };
      return record.data;
    });
  } catch (error) {
    throw page.explain?.(error as never) ?? error;
  } finally {
    session.close();
  }
}
