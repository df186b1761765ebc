import type { ChangeFigures } from '../../change-figures.ts';
import { SystemError } from '../../errors.ts';
import type { ItemPage } from '../../item-page.ts';
import { createStop, type Stop } from '../../stop.ts';
import { CdcColumns } from '../cdc-columns.ts';
import { createMark } from '../export/files/export-files.ts';
import { createRunning, type RunningExport } from '../export/export-state.ts';
import { ceilToSecond } from '../export/export-time.ts';
import type { Notice } from '../read-plan.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import type { ScanState } from '../scan/scan-state.ts';
import { chooseBase } from './changes/change-number.ts';
import { ChangeProgress, type ChangeStart } from './change-progress.ts';
import { ChangeRounds } from './changes/change-rounds.ts';
import type { ChangeSource } from './changes/change-source.ts';
import {
  createDisabledError,
  describeGap,
  describeLateSync,
  describeRepair,
  describeResync,
  describeUnrepaired,
} from './change-texts.ts';
import { findObstacle } from './gaps/find-obstacle.ts';
import { GapError, UnrepairedGapError } from './gaps/gap-error.ts';
import { GapRepair } from './gaps/gap-repair.ts';
import { firstStart, planRepairWindows } from './gaps/repair-windows.ts';
import type { SavedRepair } from './gaps/saved-repair.ts';
import { listAllShards } from './shards/shard-listing.ts';
import { sleepThen } from './changes/sleep-then.ts';
import { ExportSnapshot, type OpenSnapshot, ScanSnapshot, type Snapshot } from './snapshot.ts';
import type { ChangePlan } from './stream-plan.ts';
import { ANSWERS_AFTER_SNAPSHOT, USUAL_ANSWERS } from './changes/sync-end.ts';
import type { TableExports } from './gaps/table-exports.ts';
import { isOfSameTable } from './usable-stream.ts';

/** What a table and its changes are read with. */
export interface StreamResources {
  readonly source: ChangeSource;
  readonly openSnapshot: OpenSnapshot;
  /** Absent where the config has no place for exports. */
  readonly exports?: TableExports;
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
  readonly #rounds: ChangeRounds;
  #progress: ChangeProgress | undefined;
  /** Undefined when none is to be read. */
  #snapshot: Snapshot | undefined;
  #repair: GapRepair | undefined;
  /** Change records that were written before a new snapshot was begun. */
  #earlierChanges = 0;

  constructor(plan: ChangePlan, resources: StreamResources) {
    const { saved, isListed } = plan;
    this.#plan = plan;
    this.#resources = resources;
    this.#columns = new CdcColumns(isListed);
    const { source, notify } = resources;
    this.#rounds = new ChangeRounds({ plan, source, notify, columns: this.#columns });
    this.#progress = saved && new ChangeProgress(saved.stream);
    if (saved?.repair !== undefined) this.#repair = this.#openRepair(saved.repair);
    if (saved?.scan !== undefined) this.#snapshot = this.#openScan(saved.scan);
    if (saved?.export !== undefined) this.#snapshot = this.#openExport(saved.export);
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
    return {
      stream: this.#progress.toState(),
      ...this.#snapshot?.toState(),
      ...this.#repair?.toState(),
    };
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
      isInSnapshot: this.#snapshot?.isThrough === false && !isChangesOnly,
    };
  }

  async #stopInTime(stop: Stop): Promise<void> {
    const { maxSyncMs } = this.#plan;
    if (maxSyncMs !== undefined) await sleepThen(this.#resources.source, maxSyncMs, stop);
  }

  /** Reads, and begins again or repairs wherever changes are lost and the config says so. */
  async *#readThroughGaps(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { table, onGap } = this.#plan;
    for (;;) {
      try {
        yield* this.#readAll(signal);
        return;
      } catch (error) {
        if (!(error instanceof GapError) || signal.aborted) throw error;
        if (onGap === 'fail') throw describeGap(error, this.#plan);
        if (onGap === 'recover' && (yield* this.#beginRepair(error, signal))) continue;
        this.#resources.notify(describeResync(table, error, this.#plan));
      }
      if (this.#progress) yield* this.#rounds.readFormerStream(this.#progress, signal);
      yield* this.#start(signal);
    }
  }

  async *#readAll(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { isDisabled, isChangesOnly } = this.#plan;
    let isUpToDate = this.#progress === undefined;
    if (this.#progress === undefined) yield* this.#start(signal);
    else this.#tellOfPosition(this.#progress);
    if (this.#progress !== undefined) yield* this.#repair?.read(this.#progress, signal) ?? [];
    if (this.#progress) yield* this.#rounds.passOld(this.#progress, signal);
    let answers = USUAL_ANSWERS;
    while (this.#snapshot?.isThrough === false && !isChangesOnly && !signal.aborted) {
      const { allowsChanges } = this.#snapshot;
      if (!isUpToDate && allowsChanges) yield* this.#readChanges(USUAL_ANSWERS, signal);
      if (this.#progress !== undefined) yield* this.#snapshot.read(this.#progress, signal);
      answers = ANSWERS_AFTER_SNAPSHOT;
      isUpToDate = false;
    }
    if (this.#isWaitingForRows) return;
    yield* this.#readChanges(answers, signal);
    if (isDisabled && !signal.aborted) throw createDisabledError(this.#plan);
  }

  /** @throws GapError when the table's change stream is another one now. */
  #tellOfPosition({ arn, times }: ChangeProgress): void {
    const { table, arn: present, isChangesOnly } = this.#plan;
    const { source, notify } = this.#resources;
    const readTo = times.findAll();
    if (arn !== present) {
      throw new GapError(
        `The table ${table} has a new change stream. The changes of the former one are read up to ${new Date(readTo).toISOString()}; what was changed between the two is not known.`,
      );
    }
    // While a snapshot has to come first, the part of a sync that reads it tells of them.
    if (this.#repair?.isThrough === false || (isChangesOnly && this.#isWaitingForRows)) return;
    const lateness = describeLateSync(table, readTo, source.now());
    if (lateness !== undefined) notify(lateness);
  }

  /** Fixes the base, lists the shards and has the state written, before anything else is. */
  async *#start(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { snapshot, start } = this.#plan;
    const startedAt = this.#resources.source.now();
    const base = chooseBase(startedAt, this.#progress?.largest);
    const old = snapshot === 'none' ? undefined : 'deletes';
    await this.#begin({ base, readTo: startedAt, deliveredTo: startedAt, old }, signal);
    this.#repair = undefined;
    this.#snapshot = undefined;
    if (snapshot === 'scan') this.#snapshot = this.#openScan(start);
    const time = ceilToSecond(startedAt);
    if (snapshot === 'export') {
      this.#snapshot = this.#openExport(createRunning({ kind: 'full', time }));
    }
    yield createMark(() => undefined, true);
  }

  /**
   * Plans the repair of a gap, and has the state written. Returns false where it cannot be repaired, which the user is
   * told of.
   */
  async *#beginRepair(gap: GapError, signal: AbortSignal): AsyncGenerator<ItemPage, boolean> {
    const { table, arn } = this.#plan;
    const { source, notify } = this.#resources;
    const progress = this.#progress;
    if (progress === undefined) return false;
    const readTo = progress.times.findAll();
    const hasOld = progress.hasOld();
    const from = firstStart({ readTo, hasOld });
    const obstacle = await this.#findObstacle(gap, progress, from, signal);
    if (obstacle !== undefined) {
      notify(describeUnrepaired(table, obstacle));
      return false;
    }
    const streamMadeAt = progress.arn === arn ? undefined : readCreation(arn, source.now());
    const deliveredTo = progress.times.latest;
    const now = source.now();
    const planned = planRepairWindows({
      ...{ readTo, deliveredTo, hasOld, now },
      ...(streamMadeAt !== undefined && { streamMadeAt }),
    });
    notify(describeRepair(table, gap, { from, to: deliveredTo }, planned.windows.length));
    const base = chooseBase(now, progress.largest);
    const behind = base + planned.windows.length;
    await this.#begin({ base: behind, readTo, deliveredTo, old: 'nothing' }, signal);
    this.#repair = this.#openRepair({ ...planned, base, done: 0 });
    yield createMark(() => undefined, true);
    return true;
  }

  /** Why a gap cannot be repaired, as the end of a sentence. */
  async #findObstacle(
    gap: GapError,
    { arn }: ChangeProgress,
    since: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (gap instanceof UnrepairedGapError) return gap.obstacle;
    if (!isOfSameTable(arn, this.#plan.arn)) return 'its state is of another table';
    // What is left of its rows is older than the changes that exports would tell of.
    if (this.#isWaitingForRows) return 'the export of its initial snapshot is not read to its end';
    return findObstacle(this.#exports, since, signal);
  }

  /** Lists the shards, to be read from their beginnings. */
  async #begin(start: Omit<ChangeStart, 'arn' | 'shards'>, signal: AbortSignal): Promise<void> {
    const { arn } = this.#plan;
    const { source } = this.#resources;
    const shards = await listAllShards({ arn, source }, signal);
    this.#earlierChanges += this.#progress?.changes ?? 0;
    this.#progress = ChangeProgress.start({ arn, shards, ...start });
  }

  async *#readChanges(answers: number, signal: AbortSignal): AsyncGenerator<ItemPage> {
    if (this.#progress === undefined || signal.aborted) return;
    yield* this.#rounds.readChanges(this.#progress, answers, signal);
  }

  /** Whether no change may be read because a snapshot comes first. */
  get #isWaitingForRows(): boolean {
    return this.#snapshot?.isThrough === false && !this.#snapshot.allowsChanges;
  }

  #openScan(scan: ScanState): Snapshot {
    const { source, openSnapshot } = this.#resources;
    return new ScanSnapshot(scan, { source, openSnapshot, columns: this.#columns });
  }

  #openRepair(saved: SavedRepair): GapRepair {
    return new GapRepair(saved, this.#exports, this.#plan.table);
  }

  #openExport(running: RunningExport): Snapshot {
    return new ExportSnapshot(running, this.#exports);
  }

  /** @throws SystemError where there are none, which the plan sees to. */
  get #exports(): TableExports {
    const { exports } = this.#resources;
    if (exports === undefined) throw new SystemError('Exports are read without their config.');
    return exports;
  }
}

/** When a change stream was made, which its ARN ends with; else now, at most. */
function readCreation(arn: string, now: number): number {
  const label = arn.slice(arn.lastIndexOf('/') + 1);
  const time = Date.parse(`${label}Z`);
  return Number.isNaN(time) ? now : time;
}
