import { belowBase, type ChangeNumber } from './changes/change-number.ts';
import type { Shard } from '../../aws/streams/change-stream.ts';
import {
  type ChangeState,
  findLargestNumber,
  type OldChanges,
  type ShardState,
} from './change-state.ts';
import { ReadTimes } from './shards/read-times.ts';
import { ShardForest } from './shards/shard-forest.ts';

// A change belongs to one side of a moment only if it is this far from it: creation times are approximate. And an old
// change that is delivered again must not be trimmed before the rule of gaps says so, by a quarter of an hour.
export const OLD_MARGIN_MS = 10 * 60_000;

/** What the reading of a change stream begins with. */
export interface ChangeStart {
  readonly arn: string;
  readonly base: ChangeNumber;
  /** Up to when everything is read, and up to when anything was delivered; in milliseconds by AWS's clock. */
  readonly readTo: number;
  readonly deliveredTo: number;
  /** All that are listed. */
  readonly shards: readonly Shard[];
  /** What counts of old changes, those that `readTo` covers; all of them without it. */
  readonly old?: OldChanges | undefined;
}

/** What was read of a shard. */
export interface ShardAdvance {
  /** Of the last record; absent when there was none. */
  readonly position?: { readonly after: string; readonly number: ChangeNumber };
  /** Seconds since 1970 of the latest record. */
  readonly latestSecond: number;
  /** Whether the shard is read to its end. */
  readonly isLast: boolean;
  /** Change records that were written. */
  readonly changes: number;
}

/** Where the reading of one table's change stream stands. */
export class ChangeProgress {
  readonly arn: string;
  readonly base: ChangeNumber;
  readonly forest: ShardForest;
  readonly times: ReadTimes;
  #changes = 0;

  constructor({ arn, base, read_to: readTo, read_to_latest: latest, ...shards }: ChangeState) {
    this.arn = arn;
    this.base = base;
    this.forest = new ShardForest(shards);
    this.times = new ReadTimes(this.forest, Date.parse(readTo), Date.parse(latest));
  }

  /** Begins with what is listed, each shard from its beginning. */
  static start(start: ChangeStart): ChangeProgress {
    const { arn, base, readTo, deliveredTo, shards, old } = start;
    const progress = new ChangeProgress({
      ...{ arn, base, shards: {}, finished: {} },
      read_to: new Date(readTo).toISOString(),
      read_to_latest: new Date(Math.max(readTo, deliveredTo)).toISOString(),
    });
    progress.forest.list(shards, (shard) => ({
      ...beginShard(shard),
      ...(old !== undefined && { only: old }),
    }));
    progress.forest.endListing();
    return progress;
  }

  /** Change records that were written so far. */
  get changes(): number {
    return this.#changes;
  }

  /** The largest number that was given. */
  get largest(): ChangeNumber {
    return findLargestNumber(this.toState());
  }

  /** Up to when changes are old, in milliseconds since 1970. */
  get oldUntil(): number {
    return this.times.findAll() - OLD_MARGIN_MS;
  }

  /** The number that the numbers of a shard's next changes grow from; of all of them for old ones. */
  numberBefore(id: string): ChangeNumber {
    if (this.oldOf(id) !== undefined) return belowBase(this.base);
    return this.forest.numberBefore(id) ?? this.base;
  }

  /** Whether there are shards whose old changes are not passed yet. */
  hasOld(): boolean {
    return [...this.forest.open.keys()].some((id) => this.oldOf(id) !== undefined);
  }

  /** What counts of the old changes of a shard; undefined when they are passed. */
  oldOf(id: string): OldChanges | undefined {
    return this.forest.open.get(id)?.only;
  }

  /** Notes that the old changes of a shard are passed. */
  passOld(id: string): void {
    this.forest.passOld(id, this.base);
  }

  /** Ends the passing of old changes. */
  endOld(): void {
    this.forest.finishLateParents(this.base);
  }

  /** Notes what was read of a shard, once it is on its way out. */
  advance(id: string, { position, latestSecond, isLast, changes }: ShardAdvance): void {
    this.#changes += changes;
    const number = position?.number ?? this.numberBefore(id);
    const isOld = this.oldOf(id) !== undefined;
    if (latestSecond > 0) this.times.note(id, latestSecond * 1000);
    // A parent that was listed late may have changes that are not old.
    const isDone = isLast && !(isOld && this.forest.isParentOpen(id));
    if (isDone) this.forest.finish(id, isOld ? this.base : number);
    else if (position !== undefined) {
      const { after } = position;
      this.forest.advance(id, { after, ...(!isOld && { cursor: number }) });
    }
  }

  /** The state as it stands now. */
  toState(): ChangeState {
    const { forest, times, arn, base } = this;
    const readTo = times.findAll();
    return {
      arn,
      base,
      read_to: new Date(readTo).toISOString(),
      read_to_latest: new Date(times.latest).toISOString(),
      shards: Object.fromEntries(forest.open),
      finished: Object.fromEntries(forest.finished),
    };
  }
}

/** Where a shard is begun that nothing was read of. */
export function beginShard({ parentId }: Shard): ShardState {
  return parentId === undefined ? {} : { parent: parentId };
}
