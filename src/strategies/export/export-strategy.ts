import type { Patience } from '../../aws/calls/patient-call.ts';
import type { S3Bucket } from '../../aws/s3/s3-bucket.ts';
import type { ItemPage } from '../../item-page.ts';
import type { WaitFigures } from '../../wait-figures.ts';
import { CdcColumns } from '../cdc-columns.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import { ExportControl } from './export-control.ts';
import { createMark, numbersByTime } from './files/export-files.ts';
import type { ExportSummary } from './files/export-manifest.ts';
import { limitPatience } from './export-patience.ts';
import { type ExportPlan, rejectFuture } from './export-plan.ts';
import { ExportRun } from './export-run.ts';
import { EXPORT_TUNING, type ExportTuning } from './export-tuning.ts';
import { createRunning, endOf, renderExportState, type RunningExport } from './export-state.ts';
import { ExportWait } from './export-wait.ts';
import { latestSecond, nextWindow } from './export-windows.ts';
import { ExistingExports } from './existing-exports.ts';
import { folderOf, isInBucket } from './files/load-manifest.ts';
import { ObjectReader } from './files/object-reader.ts';
import { openBucket } from './files/open-bucket.ts';

// An export as of so recent a moment is taken over: it may be that of an attempt that died before its state was saved.
// An older one would show the table as it was long ago.
const RECENT_MS = 60 * 60_000;

/** Reads exports of a table: a full one first, and then windows of changes, one behind the other. */
export class ExportStrategy implements ReadStrategy {
  readonly #plan: ExportPlan;
  readonly #resources: ReadResources;
  readonly #tuning: ExportTuning;
  readonly #columns: CdcColumns;
  readonly #exportWait: ExportWait;
  /** The export whose turn it is; before it is opened, where the saved state has it. */
  #run: ExportRun | undefined;
  #running: RunningExport | undefined;
  #until: number | undefined;
  #isComplete = false;

  constructor(plan: ExportPlan, resources: ReadResources, tuning: ExportTuning = EXPORT_TUNING) {
    this.#plan = plan;
    this.#resources = resources;
    this.#tuning = tuning;
    this.#columns = new CdcColumns(plan.isListed);
    this.#exportWait = new ExportWait(() => resources.connection.clock.now());
    ({ running: this.#running, until: this.#until } = plan.start);
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { settings } = this.#plan;
    const { connection, objects, events } = this.#resources;
    rejectFuture(this.#plan, connection.clock.now());
    const bucket = openBucket(settings.place, connection);
    const patience = limitPatience(events, signal);
    const reader = new ObjectReader({ bucket, objects, patience });
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
    const { slice, tableArn: table } = this.#plan.settings;
    const running = this.#run === undefined ? this.#running : this.#run.running;
    const polledAt = this.#run?.polledAt;
    const state = renderExportState({
      ...(running !== undefined && { running }),
      ...(this.#until !== undefined && { until: this.#until }),
      ...(slice !== undefined && { slice }),
      ...{ table, isComplete: this.#isComplete },
    });
    return polledAt === undefined
      ? state
      : { ...state, polled_at: new Date(polledAt).toISOString() };
  }

  /** How it waits for exports to end. */
  waitFigures(): WaitFigures {
    return this.#exportWait.figures();
  }

  async *#readNew(reader: ObjectReader, patience: Patience): AsyncGenerator<ItemPage> {
    const { settings, isIncremental } = this.#plan;
    const control = new ExportControl({
      ...{ connection: this.#resources.connection, patience },
      ...{ table: settings.reference, tableArn: settings.tableArn, target: settings.place },
    });
    const { signal } = patience;
    const target = latestSecond(await control.fetchRecovery());
    let saved = this.#running;
    while (!signal.aborted) {
      const running = saved ?? (await this.#begin(control, reader, target));
      if (running === undefined) return;
      const run = this.#open(running, reader);
      if (saved !== undefined && !(await run.rejoin(control))) this.#run = undefined;
      saved = undefined;
      if (this.#run === undefined) continue;
      if (!(yield* run.startAndAwait(control, signal))) return;
      const { scope } = run;
      yield* this.#readFiles(run, signal);
      // The next sync reads the changes since.
      if (!isIncremental || scope.kind === 'full') return;
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
    const { signal } = patience;
    // Of an export that was begun by "Start new", and has not ended, nothing is read: those that lie there are.
    let running = this.#running?.manifest === undefined ? undefined : this.#running;
    while (!signal.aborted) {
      running ??= await this.#choose(existing);
      if (running === undefined) return;
      yield* this.#readFiles(this.#open(running, reader), signal);
      if (!isIncremental) return;
      running = undefined;
    }
  }

  #open(running: RunningExport, reader: ObjectReader): ExportRun {
    this.#running = running;
    this.#run = new ExportRun(running, {
      ...{ settings: this.#plan.settings, resources: this.#resources, tuning: this.#tuning },
      ...{ columns: this.#columns, reader, wait: this.#exportWait },
    });
    return this.#run;
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
    return { ...createRunning(scope, exportArn), manifest: key };
  }

  /** What is to be exported next, or what another attempt is having exported already. */
  async #begin(
    control: ExportControl,
    reader: ObjectReader,
    target: number,
  ): Promise<RunningExport | undefined> {
    const until = this.#until;
    if (until === undefined) return this.#beginFull(control, reader, target);
    const window = nextWindow(until, target);
    if (window === undefined) return undefined;
    const found = await control.find(
      async (other) =>
        other.scope?.kind === 'incremental' &&
        other.scope.from === until &&
        (await isInBucket(reader, other)),
      until,
    );
    return createRunning(found?.scope ?? { kind: 'incremental', ...window }, found?.arn);
  }

  async #beginFull(
    control: ExportControl,
    reader: ObjectReader,
    target: number,
  ): Promise<RunningExport> {
    const { isIncremental } = this.#plan;
    const since = target - RECENT_MS;
    // A full refresh shows the table as it is now, unless an attempt waits already.
    const found = await control.find(
      async (other) =>
        other.scope?.kind === 'full' &&
        other.scope.time >= since &&
        (isIncremental || other.status === 'IN_PROGRESS') &&
        (await isInBucket(reader, other)),
      since,
    );
    return createRunning(found?.scope ?? { kind: 'full', time: target }, found?.arn);
  }

  async *#readFiles(run: ExportRun, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { isIncremental } = this.#plan;
    const { scope } = run;
    yield* run.readFiles(numbersByTime, signal);
    if (signal.aborted) return;
    yield createMark(() => {
      this.#until = endOf(scope);
      this.#running = undefined;
      this.#run = undefined;
      this.#isComplete = !isIncremental;
    }, isIncremental);
  }
}
