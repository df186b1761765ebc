import type { DescribedExport, ExportScope } from '../../aws/dynamodb/exports.ts';
import { isOfReason } from '../../errors.ts';
import type { ItemPage } from '../../item-page.ts';
import type { CdcColumns } from '../cdc-columns.ts';
import type { ReadResources } from '../read-resources.ts';
import { createFailure, type ExportControl } from './export-control.ts';
import { createMark, type ExportNumbers, readExportFiles } from './files/export-files.ts';
import {
  checkScope,
  checkSummary,
  describeScope,
  type ExportSummary,
  isSameScope,
} from './files/export-manifest.ts';
import type { ExportSettings } from './export-plan.ts';
import { createRunning, endOf, type RunningExport } from './export-state.ts';
import type { ExportWait } from './export-wait.ts';
import { checkReach, type RecoveryPeriod, reachableMoment } from './export-windows.ts';
import { awaitMoment } from './await-moment.ts';
import { renderTime } from './export-time.ts';
import { FilesProgress } from './files/file-progress.ts';
import type { ExportTuning } from './export-tuning.ts';
import {
  explainGone,
  guessManifest,
  isInBucket,
  loadFiles,
  loadSummary,
  shareOut,
} from './files/load-manifest.ts';
import type { ObjectReader } from './files/object-reader.ts';

// An export of a small table takes some minutes, one of a large table hours.
const FIRST_POLL_MS = 1000;
const LONGEST_POLL_MS = 20_000;
const POLLS_PER_WAIT = 10;
const MS_PER_SECOND = 1000;
// A token is good for eight hours.
const TOKEN_LIFE_MS = 8 * 60 * 60_000 - 10 * 60_000;

/** What an export is carried out with. */
export interface ExportRunInput {
  readonly settings: Pick<
    ExportSettings,
    'table' | 'tableArn' | 'place' | 'slice' | 'filesAtATime'
  >;
  readonly resources: ReadResources;
  readonly tuning: ExportTuning;
  readonly columns: CdcColumns;
  readonly reader: ObjectReader;
  /** Told for how long it is waited for. */
  readonly wait: ExportWait;
}

/** One export: started or found again, waited for, and read. It knows where it stands. */
export class ExportRun {
  readonly #input: ExportRunInput;
  #running: RunningExport;
  #progress: FilesProgress | undefined;
  #polledAt: number | undefined;
  #isLost = false;

  /** @param running where it stands. */
  constructor(running: RunningExport, input: ExportRunInput) {
    this.#running = running;
    this.#input = input;
  }

  /** Where it stands; undefined when it has failed, so that another one takes its place. */
  get running(): RunningExport | undefined {
    return this.#isLost ? undefined : { ...this.#running, ...this.#progress?.toState() };
  }

  get scope(): ExportScope {
    return this.#running.scope;
  }

  /** When it was last asked how the export goes, in milliseconds since 1970; undefined unless it is waited for. */
  get polledAt(): number | undefined {
    return this.#polledAt;
  }

  /**
   * Finds again what an earlier attempt may have started in the moment in which it ended, when it is too late to start
   * the same once more. Returns false when there is none.
   */
  async rejoin(control: ExportControl): Promise<boolean> {
    const { scope, arn } = this.#running;
    if (arn !== undefined || this.#now() - endOf(scope) < TOKEN_LIFE_MS) return true;
    const { reader } = this.#input;
    const found = await control.find(
      async (other) => isSameScope(other.scope, scope) && (await isInBucket(reader, other)),
      endOf(scope),
    );
    if (found === undefined) return false;
    this.#running = { ...this.#running, arn: found.arn };
    return true;
  }

  /**
   * Starts the export as soon as its moment can be exported, and waits until it has ended; the state stands before the
   * one, and again before the other. Returns whether it has ended: otherwise the signal was aborted before.
   *
   * A full export of a moment that recovery does not reach back to is made of the first one that it does.
   *
   * @throws ConfigError or TransientError when it failed.
   */
  async *startAndAwait(
    control: ExportControl,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage, boolean> {
    if (this.#running.manifest !== undefined) return true;
    const { settings, wait } = this.#input;
    yield createMark(() => undefined, true);
    const arn = this.#running.arn ?? (yield* this.#start(control, signal));
    if (arn === undefined) return false;
    const { scope } = this.#running;
    this.#tell(`the export ${describeScope(scope)} is under way (${arn}).`);
    wait.begin(`the export ${describeScope(scope)}`);
    let described: DescribedExport | undefined;
    try {
      described = yield* this.#wait(arn, control, signal);
    } finally {
      wait.end();
    }
    if (described === undefined) return false;
    this.#polledAt = undefined;
    const manifest = described.manifest ?? guessManifest(settings.place.prefix, arn);
    this.#running = { ...this.#running, arn, manifest };
    return true;
  }

  /**
   * Reads the files of an export that has ended, as far as they are not read yet.
   *
   * @param number numbers its records.
   * @throws ConfigError for what is not as it should be, and ConnectorError.
   */
  async *readFiles(
    number: (summary: ExportSummary) => ExportNumbers,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage> {
    const { settings, resources, reader, columns, tuning } = this.#input;
    const { scope, manifest = '' } = this.#running;
    try {
      const summary = await loadSummary(reader, manifest);
      checkSummary(summary, settings.tableArn);
      checkScope(summary, scope);
      const files = shareOut(await loadFiles(reader, summary), settings.slice);
      const progress = new FilesProgress(files, this.#running);
      this.#progress = progress;
      const { pages, inflater } = resources;
      const numbers = number(summary);
      const { pageBytes } = tuning;
      const input = { summary, progress, reader, inflater, pages, columns, numbers, pageBytes };
      yield* readExportFiles({ ...input, concurrency: settings.filesAtATime }, signal);
    } catch (error) {
      throw explainGone(error, settings.table, scope);
    }
  }

  /** Returns the ARN of the export, which the state has by then; undefined when the signal was aborted before. */
  async *#start(
    control: ExportControl,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage, string | undefined> {
    const recovery = await control.fetchRecovery();
    yield* this.#moveIntoReach(recovery);
    const { scope } = this.#running;
    const { tuning, wait } = this.#input;
    const notePoll = (): ItemPage => this.#notePoll();
    const means = { control, tuning, wait, notePoll };
    const latest = yield* awaitMoment(endOf(scope), recovery, means, signal);
    if (latest === undefined) return undefined;
    try {
      const { arn } = await control.start(scope);
      yield createMark(() => {
        this.#running = { ...this.#running, arn };
      }, true);
      return arn;
    } catch (error) {
      // The next attempt asks for another one.
      if (isOfReason(error, 'time refused') && scope.kind === 'full') {
        yield this.#postpone(Math.max(scope.time + MS_PER_SECOND, latest));
      }
      throw error;
    }
  }

  /** The state has the moment before anything is started. @throws ConfigError for a window that is out of reach. */
  *#moveIntoReach(recovery: RecoveryPeriod): Generator<ItemPage> {
    const { scope } = this;
    const { table } = this.#input.settings;
    if (scope.kind === 'incremental') {
      checkReach(scope, recovery, table);
      return;
    }
    const time = reachableMoment(scope.time, recovery);
    if (time === scope.time) return;
    this.#tell(
      `point-in-time recovery reaches back to ${renderTime(recovery.earliest)} only, so the export is made as of ${renderTime(time)}.`,
    );
    yield this.#postpone(time);
  }

  #postpone(time: number): ItemPage {
    return createMark(() => {
      this.#running = createRunning({ kind: 'full', time });
      this.#polledAt = undefined;
    }, true);
  }

  #notePoll(): ItemPage {
    const now = this.#now();
    return createMark(() => {
      this.#polledAt = now;
    });
  }

  async *#wait(
    arn: string,
    control: ExportControl,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage, DescribedExport | undefined> {
    const { tuning, settings, wait } = this.#input;
    while (!signal.aborted) {
      const described = await control.describeUnlessGone(arn);
      if (described?.status === 'COMPLETED') return described;
      if (described?.status !== 'IN_PROGRESS') {
        // The next sync starts another one in its place.
        yield createMark(() => {
          this.#isLost = true;
          this.#polledAt = undefined;
        }, true);
        throw createFailure(settings.table, arn, described);
      }
      yield this.#notePoll();
      const pause = Math.max(FIRST_POLL_MS, wait.waitMs / POLLS_PER_WAIT);
      await tuning.sleep(Math.min(pause, LONGEST_POLL_MS), signal);
    }
    return undefined;
  }

  #now(): number {
    return this.#input.resources.connection.clock.now();
  }

  #tell(message: string): void {
    const { resources, settings } = this.#input;
    resources.events.told({ level: 'info', message: `${settings.table}: ${message}` });
  }
}
