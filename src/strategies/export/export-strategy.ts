import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Patience } from '../../aws/calls/patient-call.ts';
import type { DescribedExport, ExportScope } from '../../aws/dynamodb/exports.ts';
import type { S3Bucket } from '../../aws/s3/s3-bucket.ts';
import { ConfigError } from '../../errors.ts';
import type { ItemPage } from '../../item-page.ts';
import { formatDuration } from '../../text/figures.ts';
import { CdcColumns } from '../cdc-columns.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import { createFailure, ExportControl } from './export-control.ts';
import { createMark, numbersByTime, readExportFiles } from './export-files.ts';
import { checkSummary, describeScope, type ExportSummary } from './export-manifest.ts';
import type { ExportPlan } from './export-plan.ts';
import { endOf, renderExportState, type RunningExport } from './export-state.ts';
import { checkReach, latestSecond, nextWindow } from './export-windows.ts';
import { ExistingExports } from './existing-exports.ts';
import { FilesProgress } from './file-progress.ts';
import { OUTPUT_BYTES } from './inflate/inflate-memory.ts';
import { folderOf, guessManifest, loadFiles, loadSummary, shareOut } from './load-manifest.ts';
import { ObjectReader } from './object-reader.ts';
import { openBucket } from './open-bucket.ts';

// A fault or an outage is waited out for this long before the read gives up; its state is saved then.
const PATIENCE_MS = 5 * 60_000;
const THROTTLING_PATIENCE_MS = 30 * 60_000;
// An export of a small table takes some minutes, one of a large table hours.
const FIRST_POLL_MS = 1000;
const LONGEST_POLL_MS = 20_000;
const POLLS_PER_WAIT = 10;
const TELLING_INTERVAL_MS = 60_000;
// A token is good for eight hours.
const TOKEN_LIFE_MS = 8 * 60 * 60_000 - 10 * 60_000;
// What another attempt started so recently is taken over, even when its state was lost.
const RECENT_MS = 60 * 60_000;
// What is still under way after that is none that anybody waits for.
const LONGEST_EXPORT_MS = 24 * 60 * 60_000;

/** What tests set otherwise. */
export interface ExportTuning {
  /** Bytes of lines that a page has at least. */
  readonly pageBytes: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const TUNING: ExportTuning = {
  // With the chunk that goes beyond it, and the beginning of a line that is left of the page before, a megabyte.
  pageBytes: (1 << 20) - OUTPUT_BYTES - (1 << 14),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
};

/** Reads exports of a table: a full one first, and then windows of changes, one behind the other. */
export class ExportStrategy implements ReadStrategy {
  readonly #plan: ExportPlan;
  readonly #resources: ReadResources;
  readonly #tuning: ExportTuning;
  readonly #columns: CdcColumns;
  #running: RunningExport | undefined;
  #progress: FilesProgress | undefined;
  #until: number | undefined;
  #isComplete = false;
  /** When it was last asked how the export goes, by AWS's clock. */
  #polledAt: number | undefined;

  constructor(plan: ExportPlan, resources: ReadResources, tuning: ExportTuning = TUNING) {
    this.#plan = plan;
    this.#resources = resources;
    this.#tuning = tuning;
    this.#columns = new CdcColumns(plan.isListed);
    ({ running: this.#running, until: this.#until } = plan.start);
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { settings } = this.#plan;
    const bucket = openBucket(settings.place, this.#resources.connection);
    const patience = this.#limitPatience(signal);
    const reader = new ObjectReader({ bucket, objects: this.#resources.objects, patience });
    try {
      yield* settings.source === 'new'
        ? this.#readNew(reader, patience)
        : this.#readExisting(bucket, reader, patience);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      bucket.close();
    }
  }

  state(): StreamState {
    const { slice } = this.#plan.settings;
    const running = this.#running && { ...this.#running, ...this.#progress?.toState() };
    const state = renderExportState({
      ...(running !== undefined && { running }),
      ...(this.#until !== undefined && { until: this.#until }),
      ...(slice !== undefined && { slice }),
      isComplete: this.#isComplete,
    });
    return this.#polledAt === undefined
      ? state
      : { ...state, polled_at: new Date(this.#polledAt).toISOString() };
  }

  async *#readNew(reader: ObjectReader, patience: Patience): AsyncGenerator<ItemPage> {
    const { settings, isIncremental } = this.#plan;
    const control = new ExportControl({
      ...{ connection: this.#resources.connection, patience },
      ...{ table: settings.reference, tableArn: settings.tableArn, target: settings.place },
    });
    const target = latestSecond(await control.fetchRecovery());
    if (this.#running !== undefined) await this.#rejoin(this.#running, control);
    while (!patience.signal.aborted) {
      this.#running ??= await this.#begin(control, target);
      if (this.#running === undefined) return;
      const ready = yield* this.#startAndAwait(this.#running, control, patience.signal);
      if (ready === undefined) return;
      yield* this.#readRunning(ready, reader, patience.signal);
      // The next sync reads the changes since.
      if (!isIncremental || ready.scope.kind === 'full') return;
    }
  }

  async *#readExisting(
    bucket: S3Bucket,
    reader: ObjectReader,
    patience: Patience,
  ): AsyncGenerator<ItemPage> {
    const { settings, isIncremental } = this.#plan;
    const { table, tableArn } = settings;
    const folder = folderOf(settings);
    const existing = new ExistingExports({ bucket, reader, patience, folder, table, tableArn });
    while (!patience.signal.aborted) {
      this.#running ??= await this.#choose(existing);
      if (this.#running === undefined) return;
      yield* this.#readRunning(this.#running, reader, patience.signal);
      if (!isIncremental) return;
    }
  }

  /** The next export that lies there; undefined when there is no further one. */
  async #choose(existing: ExistingExports): Promise<RunningExport | undefined> {
    const { manifest } = this.#plan.settings;
    let summary: ExportSummary | undefined;
    if (this.#until === undefined) {
      summary = await (manifest === undefined ? existing.findFull() : existing.check(manifest));
    } else {
      const next = await existing.findNext(this.#until);
      if (next.warning !== undefined)
        this.#resources.events.told({ level: 'warn', message: next.warning });
      ({ summary } = next);
    }
    if (summary === undefined) return undefined;
    const { scope, key, exportArn } = summary;
    return { scope, manifest: key, arn: exportArn, first: 0, files: new Map() };
  }

  /** What is to be exported next, or what another attempt is having exported already. */
  async #begin(control: ExportControl, target: number): Promise<RunningExport | undefined> {
    const until = this.#until;
    if (until === undefined) return this.#beginFull(control, target);
    const window = nextWindow(until, target);
    if (window === undefined) return undefined;
    const found = await control.find(
      ({ scope }) => scope?.kind === 'incremental' && scope.from === until,
      until,
    );
    return createRunning(found?.scope ?? { kind: 'incremental', ...window }, found?.arn);
  }

  async #beginFull(control: ExportControl, target: number): Promise<RunningExport> {
    const { isIncremental } = this.#plan;
    const found = await control.find(
      ({ scope, status }, startedAt) =>
        scope?.kind === 'full' &&
        (status === 'IN_PROGRESS' || (isIncremental && startedAt >= target - RECENT_MS)),
      target - LONGEST_EXPORT_MS,
    );
    return createRunning(found?.scope ?? { kind: 'full', time: target }, found?.arn);
  }

  /** Goes on with an export of an earlier attempt, unless it cannot be found again. */
  async #rejoin(running: RunningExport, control: ExportControl): Promise<void> {
    if (running.arn !== undefined) return;
    const age = this.#resources.connection.clock.now() - endOf(running.scope);
    if (age < TOKEN_LIFE_MS) return;
    // It may have been started in the moment in which the attempt ended.
    const found = await control.find(
      ({ scope }) => isSame(scope, running.scope),
      endOf(running.scope),
    );
    this.#running = found === undefined ? undefined : { ...running, arn: found.arn };
  }

  /**
   * Starts an export and waits until it has ended; the state stands before the one, and again before the other. Returns
   * it with its manifest, or undefined when the signal was aborted before.
   */
  async *#startAndAwait(
    running: RunningExport,
    control: ExportControl,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage, RunningExport | undefined> {
    if (running.manifest !== undefined) return running;
    const { table, place } = this.#plan.settings;
    const { scope } = running;
    let { arn } = running;
    yield createMark(() => undefined, true);
    if (arn === undefined) {
      if (scope.kind === 'incremental') checkReach(scope, await control.fetchRecovery(), table);
      ({ arn } = await control.start(scope));
      const started = { ...running, arn };
      yield createMark(() => {
        this.#running = started;
      }, true);
    }
    this.#tell(`the export ${describeScope(scope)} is under way (${arn}).`);
    const described = yield* this.#wait(arn, control, signal);
    if (described === undefined) return undefined;
    this.#polledAt = undefined;
    const manifest = described.manifest ?? guessManifest(place.prefix, arn);
    this.#running = { ...running, arn, manifest };
    return this.#running;
  }

  /** Waits until an export has ended. @throws ConfigError or TransientError when it failed. */
  async *#wait(
    arn: string,
    control: ExportControl,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage, DescribedExport | undefined> {
    const { clock } = this.#resources.connection;
    const since = clock.now();
    for (let toldAt = since; !signal.aborted;) {
      const described = await describeUnlessGone(control, arn);
      if (described?.status === 'COMPLETED') return described;
      if (described?.status !== 'IN_PROGRESS') {
        // The next sync starts another one in its place.
        yield createMark(() => {
          this.#running = undefined;
          this.#polledAt = undefined;
        }, true);
        throw createFailure(this.#plan.settings.table, arn, described);
      }
      const now = clock.now();
      if (now - toldAt >= TELLING_INTERVAL_MS) {
        toldAt = now;
        this.#tell(`waiting for the export for ${formatDuration(now - since)}.`);
      }
      yield createMark(() => {
        this.#polledAt = now;
      });
      const pause = Math.max(FIRST_POLL_MS, (now - since) / POLLS_PER_WAIT);
      await this.#tuning.sleep(Math.min(pause, LONGEST_POLL_MS), signal);
    }
    return undefined;
  }

  async *#readRunning(
    running: RunningExport,
    reader: ObjectReader,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage> {
    const { settings, isIncremental } = this.#plan;
    const summary = await loadSummary(reader, running.manifest ?? '');
    checkSummary(summary, settings.tableArn);
    if (!isSame(summary.scope, running.scope)) {
      throw new ConfigError(
        `The export ${summary.key} is ${describeScope(summary.scope)}, but one ${describeScope(running.scope)} was expected. It is not as DynamoDB wrote it: make the export again.`,
      );
    }
    const progress = new FilesProgress(
      shareOut(await loadFiles(reader, summary), settings.slice),
      running,
    );
    this.#progress = progress;
    const { pages, inflater } = this.#resources;
    const input = { summary, progress, reader, inflater, pages, columns: this.#columns };
    const numbers = numbersByTime(summary);
    const { pageBytes } = this.#tuning;
    yield* readExportFiles(
      { ...input, numbers, pageBytes, concurrency: settings.filesAtATime },
      signal,
    );
    if (signal.aborted) return;
    yield createMark(() => {
      this.#until = endOf(summary.scope);
      this.#running = undefined;
      this.#progress = undefined;
      this.#isComplete = !isIncremental;
    }, isIncremental);
  }

  #tell(message: string): void {
    this.#resources.events.told({
      level: 'info',
      message: `${this.#plan.settings.table}: ${message}`,
    });
  }

  #limitPatience(signal: AbortSignal): Patience {
    const { events } = this.#resources;
    return {
      patienceMs: PATIENCE_MS,
      throttlingPatienceMs: THROTTLING_PATIENCE_MS,
      signal,
      onRetry: (error, pauseMs) => {
        events.retrying(error, pauseMs);
      },
    };
  }
}

/** Undefined for an export that DynamoDB does not know, or knows no more. */
async function describeUnlessGone(
  control: ExportControl,
  arn: string,
): Promise<DescribedExport | undefined> {
  try {
    return await control.describe(arn);
  } catch (error) {
    if (error instanceof ConfigError && error.reason === 'nothing there') return undefined;
    throw error;
  }
}

function createRunning(scope: ExportScope, arn: string | undefined): RunningExport {
  return { scope, first: 0, files: new Map(), ...(arn !== undefined && { arn }) };
}

function isSame(a: ExportScope | undefined, b: ExportScope): boolean {
  if (a?.kind === 'full' && b.kind === 'full') return a.time === b.time;
  return (
    a?.kind === 'incremental' && b.kind === 'incremental' && a.from === b.from && a.to === b.to
  );
}
