import type { ChangeFigures } from '../../change-figures.ts';
import type { ItemPage } from '../../item-page.ts';
import { createStop, type Stop } from '../../stop.ts';
import type { Notice } from '../read-plan.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import type { ScanState } from '../scan/scan-state.ts';
import { CdcColumns } from '../cdc-columns.ts';
import { writeRowColumns } from './change-columns.ts';
import { chooseBase } from './change-number.ts';
import { ChangeProgress } from './change-progress.ts';
import { ChangeRound } from './change-round.ts';
import { type ChangeSource, isOfReason } from './change-source.ts';
import {
  createDisabledError,
  createUnreadableError,
  describeGap,
  describeLateSync,
  describeResync,
} from './change-texts.ts';
import { GapError } from './gap-error.ts';
import { listAllShards } from './shard-listing.ts';
import type { ChangePlan } from './stream-plan.ts';
import { ANSWERS_AFTER_SNAPSHOT, USUAL_ANSWERS } from './sync-end.ts';
import { isOfSameTable } from './usable-stream.ts';

// The longest time for which changes wait while a snapshot is read: far less than the day for which they are kept.
const SCAN_STRETCH_MS = 3_600_000;

/**
 * Opens a strongly consistent scan of the table where it stands. Its state has a member `scan` until the scan has come to
 * its end.
 */
export type OpenSnapshot = (scan: ScanState) => ReadStrategy;

/** What a table and its changes are read with. */
export interface StreamResources {
  readonly source: ChangeSource;
  readonly openSnapshot: OpenSnapshot;
  readonly notify: (notice: Notice) => void;
}

/**
 * Reads a snapshot of a table and then its changes, from where the saved state left off.
 *
 * While the snapshot is read the two take turns: every page of the scan that was asked for is written before a page of
 * changes is asked for, and the other way round. A page that came late would bring a deleted item back to life.
 */
export class StreamStrategy implements ReadStrategy {
  readonly #plan: ChangePlan;
  readonly #resources: StreamResources;
  readonly #columns: CdcColumns;
  #progress: ChangeProgress | undefined;
  /** Where the snapshot stands; undefined when none is to be read, or any more. */
  #scan: ScanState | undefined;
  /** The stretch of the snapshot that is being read. */
  #stretch: ReadStrategy | undefined;
  /** Change records that were written before a new snapshot was begun. */
  #earlierChanges = 0;

  constructor(plan: ChangePlan, resources: StreamResources) {
    const { saved, isListed } = plan;
    this.#plan = plan;
    this.#resources = resources;
    this.#columns = new CdcColumns(isListed);
    this.#progress = saved && new ChangeProgress(saved.stream);
    this.#scan = saved?.scan;
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const stop = createStop(signal);
    const timer = this.#stopInTime(stop);
    try {
      yield* this.#readThroughGaps(stop.signal);
    } catch (error) {
      // What fails because it was told to stop, or because the time is up, is no failure.
      if (!stop.signal.aborted) throw error;
    } finally {
      stop.abort();
      await timer;
    }
  }

  state(): StreamState {
    if (this.#progress === undefined) return {};
    const scan = this.#stretch === undefined ? this.#scan : readScan(this.#stretch);
    return { stream: this.#progress.toState(), ...(scan && { scan }) };
  }

  changeFigures(): ChangeFigures | undefined {
    const progress = this.#progress;
    if (progress === undefined) return undefined;
    const { forest, times, changes } = progress;
    const { isChangesOnly } = this.#plan;
    const openShards = [...forest.readable()].length;
    return {
      changes: this.#earlierChanges + changes,
      openShards,
      finishedShards: forest.finished.size,
      waitingShards: forest.open.size - openShards,
      behindMs: Math.max(0, this.#resources.source.now() - times.findAll()),
      isInSnapshot: this.#scan !== undefined && !isChangesOnly,
    };
  }

  async #stopInTime({ signal, abort }: Stop): Promise<void> {
    const { maxSyncMs } = this.#plan;
    if (maxSyncMs !== undefined) await this.#sleepThen(maxSyncMs, signal, abort);
  }

  /** Reads, and begins anew wherever changes are lost and the config says so. */
  async *#readThroughGaps(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { table, resyncs } = this.#plan;
    for (;;) {
      try {
        yield* this.#readAll(signal);
        return;
      } catch (error) {
        if (!(error instanceof GapError) || signal.aborted) throw error;
        if (!resyncs) throw describeGap(error, this.#plan);
        this.#resources.notify(describeResync(table, error, this.#plan));
      }
      yield* this.#readFormerStream(signal);
      yield* this.#start(signal);
    }
  }

  async *#readAll(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { isDisabled, isChangesOnly } = this.#plan;
    let isUpToDate = this.#progress === undefined;
    if (this.#progress === undefined) yield* this.#start(signal);
    else this.#tellOfPosition(this.#progress);
    yield* this.#readDeletes(signal);
    let answers = USUAL_ANSWERS;
    while (this.#scan !== undefined && !isChangesOnly && !signal.aborted) {
      if (!isUpToDate) yield* this.#readChanges(USUAL_ANSWERS, signal);
      yield* this.#readStretch(this.#scan, signal);
      answers = ANSWERS_AFTER_SNAPSHOT;
      isUpToDate = false;
    }
    yield* this.#readChanges(answers, signal);
    if (isDisabled && !signal.aborted) throw createDisabledError(this.#plan);
  }

  /** @throws GapError when the table's change stream is another one now. */
  #tellOfPosition({ arn, times }: ChangeProgress): void {
    const { table, arn: present } = this.#plan;
    const { source, notify } = this.#resources;
    const readTo = times.findAll();
    if (arn !== present) {
      throw new GapError(
        `The table ${table} has a new change stream. The changes of the former one are read up to ${new Date(readTo).toISOString()}; what was changed between the two is not known.`,
      );
    }
    const lateness = describeLateSync(table, readTo, source.now());
    if (lateness !== undefined) notify(lateness);
  }

  /** Fixes the base, lists the shards and has the state written, before anything else is. */
  async *#start(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { arn, hasSnapshot, start } = this.#plan;
    const { source } = this.#resources;
    const startedAt = source.now();
    const base = chooseBase(startedAt, this.#progress?.largest);
    const shards = await listAllShards({ arn, source }, signal);
    this.#earlierChanges += this.#progress?.changes ?? 0;
    this.#progress = ChangeProgress.start({ arn, base, startedAt, shards, hasSnapshot });
    this.#scan = hasSnapshot ? start : undefined;
    yield {
      bytes: new Uint8Array(0),
      runs: [],
      isCheckpoint: true,
      advance: () => undefined,
      release: () => undefined,
    };
  }

  /** What the change stream that the table had before still holds, which may be trimmed in part. */
  async *#readFormerStream(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const progress = this.#progress;
    const { arn } = this.#plan;
    if (progress === undefined || progress.arn === arn || !isOfSameTable(progress.arn, arn)) return;
    const goal = { target: this.#resources.source.now(), answers: USUAL_ANSWERS };
    try {
      yield* this.#openRound(progress, { goal, toleratesGaps: true }).read(signal);
    } catch (error) {
      if (!isOfReason(error, 'missing')) throw error;
    }
  }

  async *#readDeletes(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const progress = this.#progress;
    if (progress?.hasOnlyDeletes() !== true) return;
    const goal = { target: Infinity, answers: Infinity };
    yield* this.#openRound(progress, { goal, onlyDeletes: true }).read(signal);
    // A delete that comes behind the row of an item that was made again would take it away.
    if (progress.hasOnlyDeletes() && !signal.aborted) throw createUnreadableError(this.#plan.table);
  }

  async *#readChanges(answers: number, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const progress = this.#progress;
    if (progress === undefined || signal.aborted) return;
    const goal = { target: this.#resources.source.now(), answers };
    yield* this.#openRound(progress, { goal }).read(signal);
  }

  #openRound(
    progress: ChangeProgress,
    choice: Pick<ConstructorParameters<typeof ChangeRound>[0], 'goal'> & {
      readonly onlyDeletes?: boolean;
      readonly toleratesGaps?: boolean;
    },
  ): ChangeRound {
    const { table, includeOldImage } = this.#plan;
    const { source, notify } = this.#resources;
    const options = { columns: this.#columns, includeOldImage };
    const { goal, onlyDeletes = false, toleratesGaps = false } = choice;
    return new ChangeRound({
      ...{ table, source, progress, options, notify },
      ...{ goal, onlyDeletes, toleratesGaps },
    });
  }

  /** Reads on in the snapshot until it is through, or the changes have waited for long enough. */
  async *#readStretch(scan: ScanState, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { source, openSnapshot } = this.#resources;
    const progress = this.#progress;
    if (progress === undefined) return;
    const stop = createStop(signal);
    const timer = this.#sleepThen(SCAN_STRETCH_MS, stop.signal, stop.abort);
    const columns = writeRowColumns(this.#columns, progress.base);
    const stretch = openSnapshot(scan);
    this.#stretch = stretch;
    try {
      for await (const page of stretch.read(stop.signal)) {
        yield {
          ...page,
          runs: page.runs.map((run) => ({ ...run, columns })),
          advance: () => {
            page.advance();
            progress.times.noteDelivery(source.now());
          },
        };
      }
    } finally {
      this.#scan = readScan(stretch);
      this.#stretch = undefined;
      stop.abort();
      await timer;
    }
  }

  /** Does something after a while, unless the signal is aborted before. */
  #sleepThen(ms: number, signal: AbortSignal, act: () => void): Promise<void> {
    return this.#resources.source.sleep(ms, signal).then(act, (error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Where a scan stands; undefined when it has come to its end. */
function readScan(stretch: ReadStrategy): ScanState | undefined {
  return stretch.state().scan as ScanState | undefined;
}
