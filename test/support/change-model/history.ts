import type { ItemPage } from '../../../src/item-page.ts';
import type { StreamState } from '../../../src/strategies/read-strategy.ts';
import type { ChangeSource } from '../../../src/strategies/streams/changes/change-source.ts';
import { parseSavedChanges } from '../../../src/strategies/streams/change-state.ts';
import type { ChangePlan } from '../../../src/strategies/streams/stream-plan.ts';
import type { OpenSnapshot } from '../../../src/strategies/streams/snapshot.ts';
import { StreamStrategy } from '../../../src/strategies/streams/stream-strategy.ts';
import { type Random, seededRandom } from '../seeded-random.ts';
import { createDestinations, type ModelRow } from './destinations.ts';
import { ModelExports } from './model-exports.ts';
import { MODEL_SCAN_START, ModelSnapshot } from './model-snapshot.ts';
import { ModelSource } from './model-source.ts';
import { ModelTable } from './model-table.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Ways to break a rule of change capture on purpose. */
export interface Faults {
  /** @param isNew whether nothing was saved. */
  readonly wrapSource?: (source: ChangeSource, isNew: boolean) => ChangeSource;
  /** Whether pages of a scan that are under way when it pauses are written when it goes on. */
  readonly deliversLate?: boolean;
  readonly changeState?: (state: StreamState) => StreamState;
  /** Numbers the rows of an attempt otherwise; the counter is saved with the state. */
  readonly renumber?: (
    counter: { next: number },
    startedAt: number,
    random: Random,
  ) => (row: ModelRow) => number;
}

/** What happened in a history. */
export interface Outcome {
  /** Why it went wrong; undefined when the destinations equal the table after every complete sync. */
  readonly failure?: string;
  readonly syncs: number;
  readonly attempts: number;
  readonly stretches: number;
  /** Gaps that were repaired by exports. */
  readonly repairs: number;
  /** Gaps behind which a new snapshot was made. */
  readonly resyncs: number;
}

const START = Date.parse('2026-11-26T12:00:00Z');
const SECOND = 1000;
const HOUR = 3_600_000;
const LONGEST_ABSENCE = 70 * HOUR;
// A change stream keeps a delete for a day, from which the reading of it takes some time.
const FORGOTTEN_MS = 20 * HOUR;

/** Kinds of histories: with snapshots by export, and with gaps that exports repair. */
export interface HistoryKind {
  readonly snapshot?: 'scan' | 'export';
  /** Whether syncs stay away for days now and then. */
  readonly hasGaps?: boolean;
  /** Whether the table gets another change stream in half of these days. */
  readonly renews?: boolean;
}

/** Runs a random history of a table, its writers and syncs, and compares three destinations with the table. */
export function runHistory(
  seed: number,
  faults: Faults = {},
  kind: HistoryKind = {},
): Promise<Outcome> {
  const history = new History(seed, faults, kind);
  return history.run();
}

/** What a run emits: rows and states. */
type Emitted = { readonly row: ModelRow } | { readonly state: StreamState };

class History {
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #kind: HistoryKind;
  readonly #exports: ModelExports;
  readonly #clock = new VirtualClock(START);
  readonly #table: ModelTable;
  readonly #keys: readonly string[];
  readonly #writeMs: number;
  #paceMs: number;
  readonly #killMs: number;
  readonly #openSnapshot: OpenSnapshot;
  #destinations = createDestinations();
  #state: StreamState | undefined;
  #isWriting = true;
  #counts = { syncs: 0, attempts: 0, stretches: 0, repairs: 0, resyncs: 0 };
  /** When the destinations took something last. */
  #takenAt = 0;
  /** Keys that were made and deleted again where a repair cannot see it. */
  readonly #ghosts = new Set<string>();

  constructor(seed: number, faults: Faults, kind: HistoryKind) {
    this.#random = seededRandom(seed);
    this.#faults = faults;
    this.#kind = kind;
    const random = this.#random;
    const clock = this.#clock;
    const table = new ModelTable({
      ...{ clock, random },
      shards: 1 + Math.floor(random() * 3),
      largestSkewMs: random() < 0.5 ? 20 * SECOND : 0,
    });
    this.#table = table;
    const keyCount = 3 + Math.floor(random() * 20);
    this.#keys = Array.from({ length: keyCount }, (_, index) => `k${index}`);
    for (const key of this.#keys) if (random() < 0.5) table.load(key);
    // The snapshots of half of the histories last for hours.
    const isSlow = random() < 0.5;
    this.#writeMs = isSlow ? 240 * SECOND : 4 * SECOND;
    this.#paceMs = this.#writeMs;
    this.#killMs = isSlow ? 3 * HOUR : 30 * SECOND;
    const pageSize = 1 + Math.floor(random() * 4);
    const pageMs = isSlow ? 0.4 * HOUR : 2 * SECOND;
    const late = faults.deliversLate === true ? { late: [] } : {};
    const open = ModelSnapshot.opener({ clock, random, table, pageSize, pageMs, ...late });
    this.#exports = new ModelExports({
      ...{ clock, random, table, pageSize, earliest: START - HOUR },
      longestMs: 0.5 * HOUR,
    });
    this.#openSnapshot = (scan) => {
      this.#counts.stretches++;
      return open(scan);
    };
  }

  run(): Promise<Outcome> {
    return this.#clock.run(this.#live());
  }

  async #live(): Promise<Outcome> {
    // It goes on for as long as time does.
    void this.#write();
    const failure = await this.#sync(3 + Math.floor(this.#random() * 3)).catch(
      (error: unknown) => (error instanceof Error ? error.stack : undefined) ?? String(error),
    );
    return { ...this.#counts, ...(failure !== undefined && { failure }) };
  }

  /** Some syncs with pauses in between; each is killed now and then, and the last attempt has a table at rest. */
  async #sync(count: number): Promise<string | undefined> {
    while (this.#counts.syncs++ < count) {
      await this.#clock.sleep(this.#random() * (this.#random() < 0.2 ? 150 : 10) * this.#writeMs);
      for (let kills = Math.floor(this.#random() * 4); kills > 0; kills--) {
        await this.#attempt(true);
        await this.#clock.sleep(this.#random() * 25 * this.#writeMs);
      }
      if (this.#random() < 0.5) await this.#attempt(false);
      if (this.#kind.hasGaps === true && this.#random() < 0.5) {
        await this.#stayAway(this.#random() * LONGEST_ABSENCE);
        for (let kills = Math.floor(this.#random() * 4); kills > 0; kills--) {
          await this.#attempt(true);
        }
        await this.#attempt(false);
      }
      this.#isWriting = false;
      // A clock that is ahead has a shard end early, for the next sync to go on.
      await this.#clock.sleep(25 * SECOND);
      await this.#attempt(false);
      const failure = this.#compare();
      if (failure !== undefined) return failure;
      await this.#clock.sleep(25 * SECOND);
      this.#loseState();
      this.#isWriting = true;
    }
    return undefined;
  }

  /** Lets time pass, in which some hundred writes are made. */
  async #stayAway(ms: number): Promise<void> {
    this.#paceMs = Math.max(this.#writeMs, ms / 100);
    const random = this.#random;
    const renewedAt = this.#kind.renews === true && random() < 0.5 ? random() * ms : ms;
    const enabledAt = renewedAt + (random() < 0.5 ? 0 : random() * (ms - renewedAt));
    await this.#clock.sleep(renewedAt);
    if (renewedAt < ms) this.#table.disableStream();
    await this.#clock.sleep(enabledAt - renewedAt);
    if (renewedAt < ms) this.#table.renewStream();
    await this.#clock.sleep(ms - enabledAt);
    this.#paceMs = this.#writeMs;
  }

  /** Refreshes the stream, with its rows or without them, once the clocks that are ahead have come by. */
  #loseState(): void {
    if (this.#random() > 0.3) return;
    this.#state = undefined;
    if (this.#random() < 0.3) this.#destinations = createDestinations();
  }

  /** Writers: hot keys, deletes and new items of the same key, splits and rollovers. */
  async #write(): Promise<never> {
    const random = this.#random;
    for (;;) {
      await this.#clock.sleep(random() * this.#paceMs);
      if (!this.#isWriting) continue;
      const place = random() < 0.4 ? random() * 0.2 : random();
      const key = this.#keys[Math.floor(place * this.#keys.length)] ?? 'k0';
      if (random() < 0.35) this.#table.delete(key, random() < 0.3);
      else this.#table.put(key);
      const open = this.#table.shards.filter(({ closedAt }) => closedAt === undefined).length;
      if (random() < 0.05) this.#table.roll(random() < 0.4 && open < 6 ? 2 : 1);
    }
  }

  /** One run of the connector: to its end, or killed, or told to stop. */
  async #attempt(isKilled: boolean): Promise<void> {
    this.#counts.attempts++;
    const random = this.#random;
    const { strategy, source } = this.#open();
    const startedAt = this.#clock.now();
    if (this.#state === undefined) this.#noteForgotten(startedAt);
    const counter = { next: Number(this.#state?.counter ?? startedAt * 1000) };
    const number = this.#faults.renumber?.(counter, startedAt, random);
    const copyState = (): StreamState => {
      const copied = JSON.parse(JSON.stringify(strategy.state())) as StreamState;
      return { ...copied, counter: counter.next };
    };
    const stop = new AbortController();
    const killAfter = isKilled ? random() * 40 : Infinity;
    const isGentle = random() < 0.3;
    if (isKilled) {
      const timer = this.#clock.sleep(random() * this.#killMs, stop.signal);
      timer.then(() => stop.abort()).catch(() => undefined);
    }
    const emitted: Emitted[] = [];
    let isDead = false;
    for await (const page of strategy.read(stop.signal)) {
      // A destination that takes its time lets iterators expire.
      if (random() < 0.005) await this.#clock.sleep(random() * 10 * this.#writeMs);
      for (const row of readRows(page)) {
        emitted.push({ row: number === undefined ? row : { ...row, _ab_cdc_cursor: number(row) } });
      }
      page.advance();
      page.release();
      if (page.isCheckpoint === true || random() < 0.2) emitted.push({ state: copyState() });
      isDead = emitted.length > killAfter || (stop.signal.aborted && !isGentle);
      if (isDead) break;
    }
    if (source.held.size > 0) throw new Error(`${source.held.size} answers were never released.`);
    const wasKilled = isDead || (stop.signal.aborted && !isGentle);
    const last = copyState();
    // One that was told to stop before it had begun has none.
    if (!wasKilled && 'stream' in last) emitted.push({ state: last });
    stop.abort();
    this.#commit(emitted, wasKilled);
  }

  #open(): { readonly strategy: StreamStrategy; readonly source: ModelSource } {
    const { clock, plan } = { clock: this.#clock, plan: this.#plan() };
    const source = new ModelSource({
      ...{ clock, random: this.#random, table: this.#table },
      pageSize: 1 + Math.floor(this.#random() * 20),
    });
    const strategy = new StreamStrategy(plan, {
      source: this.#faults.wrapSource?.(source, plan.saved === undefined) ?? source,
      openSnapshot: this.#openSnapshot,
      exports: this.#exports,
      notify: ({ message }) => {
        this.#noteRepair(message);
      },
    });
    return { strategy, source };
  }

  #plan(): ChangePlan {
    const saved = this.#state === undefined ? undefined : parseSavedChanges(this.#state);
    if (saved?.kind === 'unfit') throw new Error(`The state is refused: ${saved.reason}.`);
    return {
      table: 'model',
      arn: this.#table.arn,
      isDisabled: false,
      ...(saved && { saved }),
      start: MODEL_SCAN_START,
      snapshot: this.#kind.snapshot ?? 'scan',
      isChangesOnly: false,
      onGap: this.#kind.hasGaps === true ? 'recover' : 'fail',
      includeOldImage: true,
      isListed: () => true,
    };
  }

  /** Keeps what a destination has: all up to some state, and of a run that was killed perhaps some more. */
  #commit(emitted: readonly Emitted[], wasKilled: boolean): void {
    const states = emitted.flatMap((entry, index) => ('state' in entry ? [index] : []));
    const choice = this.#random() < 0.6 ? 1 : this.#random();
    const chosen = wasKilled ? Math.floor(choice * (states.length + 1)) - 1 : states.length - 1;
    const saved = states[Math.min(chosen, states.length - 1)] ?? -1;
    const more = wasKilled ? Math.floor(this.#random() * (emitted.length - saved)) : 0;
    this.#takenAt = this.#clock.now();
    for (const entry of emitted.slice(0, saved + 1 + more)) {
      if ('row' in entry) for (const destination of this.#destinations) destination.take(entry.row);
    }
    const entry = emitted[saved];
    if (entry === undefined || !('state' in entry)) return;
    this.#state = this.#faults.changeState?.(entry.state) ?? entry.state;
  }

  /** Notes the keys that were made after everything was read, and may have been delivered and deleted since. */
  #noteRepair(message: string): void {
    if (message.includes('deleted in the meantime stay')) {
      this.#counts.resyncs++;
      for (const key of this.#keys) this.#ghosts.add(key);
    }
    const [, from] = /made and deleted (?:about|between) (\S+)/.exec(message) ?? [];
    if (from === undefined) return;
    this.#counts.repairs++;
    const before = this.#table.asOf(Date.parse(from));
    for (const key of this.#table.lastWrites(Date.parse(from), this.#takenAt).keys()) {
      if (!before.has(key)) this.#ghosts.add(key);
    }
  }

  /** Notes the keys whose delete no change stream has any more when a state is lost that had not told of it. */
  #noteForgotten(now: number): void {
    const since = Math.max(now - FORGOTTEN_MS, this.#table.streamMadeAt);
    const living = this.#table.asOf(since);
    const later = this.#table.lastWrites(since, now);
    for (const key of this.#keys) if (!living.has(key) && !later.has(key)) this.#ghosts.add(key);
  }

  #compare(): string | undefined {
    const { items } = this.#table;
    const expected = describeRows(items);
    for (const destination of this.#destinations) {
      const rows = [...destination.rows].filter(
        ([key]) => items.has(key) || !this.#ghosts.has(key),
      );
      const found = describeRows(new Map(rows));
      if (found !== expected) {
        return `${destination.name} after sync ${this.#counts.syncs}:\n${found}\ninstead of\n${expected}`;
      }
    }
    return undefined;
  }
}

function describeRows(rows: ReadonlyMap<string, number>): string {
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, version]) => `${key}=${version}`).join(' ');
}

/** The records of a page, as the transcoder would write them. */
export function readRows({ bytes, runs }: ItemPage): readonly ModelRow[] {
  return runs.flatMap(({ start, end, columns }) => {
    const items = JSON.parse(`[${Buffer.from(bytes.subarray(start, end)).toString()}]`) as {
      readonly pk: { readonly S: string };
      readonly v?: { readonly N: string };
    }[];
    const added = JSON.parse(`{${Buffer.from(columns ?? []).toString()}}`) as ModelRow;
    return items.map(({ pk, v }) => ({ ...added, pk: pk.S, ...(v && { v: Number(v.N) }) }));
  });
}
