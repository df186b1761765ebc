import { OpenObjects } from '../../../../src/aws/s3/open-objects.ts';
import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { createRecordLine } from '../../../../src/protocol/record-line.ts';
import { TranscoderEngine } from '../../../../src/records/transcoder-engine.ts';
import type { RecordTranscoder } from '../../../../src/records/transcoder.ts';
import { Inflater } from '../../../../src/strategies/export/inflate/inflater.ts';
import type { CursorPlan } from '../../../../src/strategies/cursor/cursor-plan.ts';
import { chooseMethod } from '../../../../src/strategies/choose-method.ts';
import { openRead } from '../../../../src/strategies/open-read.ts';
import type { ReadStrategy } from '../../../../src/strategies/read-strategy.ts';
import { parseSavedState } from '../../../../src/strategies/saved-state.ts';
import type { JsonObject } from '../../../support/json.ts';
import { type Random, seededRandom } from '../../../support/seeded-random.ts';
import { SimulatedTable, type Stamp } from './simulated-table.ts';

const NAME = 'rows';
const SYNCS = 5;
const KILL_CHANCE = 0.03;
const STATE_CHANCE = 0.3;
const MARGIN_MS = 60_000;
const CONFIG = parseConfig({
  region: 'us-east-1',
  credentials: { auth_type: 'Role' },
  scan: { segments: 3, page_size: 5 },
});
const ENGINE = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
const output = await ENGINE.lendOutput();

/** What is varied between histories. */
export interface HistoryOptions {
  readonly seed: number;
  readonly stamp: Stamp;
  readonly zones?: readonly number[];
  /** How far the cursor stays behind the start; minus an age has the maximum be the cursor. */
  readonly marginMs?: number;
  readonly hasFuture?: boolean;
}

/** What has come of a history. */
export interface HistoryEnd {
  /** Rows whose last version the destination does not have. */
  readonly stale: readonly string[];
  /** Records of the syncs behind the first one, for each change. */
  readonly repeats: number;
  readonly kills: number;
}

/** Syncs a table while it is written, with kills and resumes, and once more when all is quiet. */
export async function liveThrough(options: HistoryOptions): Promise<HistoryEnd> {
  const random = seededRandom(options.seed);
  const { stamp, zones = [0] } = options;
  const table = new SimulatedTable({ random, stamp, zones, items: 60 });
  if (options.hasFuture === true) table.addRowOfTheFuture();
  const destination = new Destination(table, { ...options, random });
  for (let sync = 0; sync < SYNCS; sync++) {
    table.pass(random() * 120_000);
    await destination.sync();
  }
  table.stopWriters();
  table.pass(60_000);
  const before = destination.records;
  await destination.sync();
  const stale = table.rows.filter(({ pk, version }) => destination.versions.get(pk) !== version);
  return {
    stale: stale.map(({ pk }) => pk),
    repeats: destination.records - before,
    kills: destination.kills,
  };
}

/** Where the records go, and the state of the connection. */
class Destination {
  readonly versions = new Map<string, number>();
  readonly #table: SimulatedTable;
  readonly #options: HistoryOptions & { readonly random: Random };
  #state: unknown;
  records = 0;
  kills = 0;

  constructor(table: SimulatedTable, options: HistoryOptions & { readonly random: Random }) {
    this.#table = table;
    this.#options = options;
  }

  /** Attempts until one comes to its end. */
  async sync(): Promise<void> {
    while (!(await this.#attempt())) {
      this.kills++;
      this.#table.pass(this.#options.random() * 600_000);
    }
  }

  /** Reads until the end or a kill, which loses what was written since the last state, or does not. */
  async #attempt(): Promise<boolean> {
    const plan = this.#plan();
    const session = ENGINE.openSession({
      line: createRecordLine({ name: NAME }),
      ...{ config: CONFIG.records, listed: undefined, keys: ['pk'], watch: plan.watch },
    });
    const strategy = this.#open(plan);
    try {
      return await this.#read(strategy, session);
    } finally {
      session.close();
    }
  }

  async #read(strategy: ReadStrategy, session: RecordTranscoder): Promise<boolean> {
    const { random } = this.#options;
    let uncommitted: JsonObject[] = [];
    for await (const page of strategy.read(new AbortController().signal)) {
      const { lines, seen } = session.transcode(page, output, 0);
      const text = Buffer.from(lines).toString();
      uncommitted.push(...text.split('\n').filter(Boolean).map(readData));
      page.release();
      page.advance(seen);
      if (random() < STATE_CHANCE) {
        this.#commit(uncommitted, strategy);
        uncommitted = [];
      }
      if (random() < KILL_CHANCE) {
        if (random() < 0.5) this.#write(uncommitted);
        return false;
      }
    }
    this.#commit(uncommitted, strategy);
    return true;
  }

  #commit(records: readonly JsonObject[], strategy: ReadStrategy): void {
    this.#write(records);
    this.#state = JSON.parse(JSON.stringify(strategy.state()));
  }

  #write(records: readonly JsonObject[]): void {
    for (const { pk, version } of records) this.versions.set(pk as string, version as number);
    this.records += records.length;
  }

  #plan(): CursorPlan {
    const saved = parseSavedState(this.#state);
    if (saved.kind === 'unfit') throw new Error(saved.reason);
    const plan = chooseMethod(CONFIG).plan({
      stream: {
        descriptor: { name: NAME },
        syncMode: 'incremental',
        jsonSchema: {},
        cursorField: ['at'],
      },
      table: {
        ...{ name: NAME, reference: NAME, status: 'ACTIVE', keys: [{ name: 'pk', type: 'S' }] },
        ...{ itemCount: 0, sizeBytes: 0, capacity: {}, indexes: [] },
      },
      saved,
    });
    if (plan.kind !== 'cursor') throw new Error(`planned ${plan.kind}`);
    return { ...plan, cursor: { ...plan.cursor, marginMs: this.#options.marginMs ?? MARGIN_MS } };
  }

  #open(plan: CursorPlan): ReadStrategy {
    const nothing = (): undefined => undefined;
    return openRead(plan, {
      config: CONFIG,
      connection: this.#table.connect(),
      pages: new PageBufferPool({ pages: 8, readers: 1 }),
      objects: new OpenObjects(1),
      inflater: new Inflater(),
      events: { retrying: nothing, rateLimited: nothing, told: nothing },
    });
  }
}

function readData(line: string): JsonObject {
  return (JSON.parse(line) as { readonly record: { readonly data: JsonObject } }).record.data;
}
