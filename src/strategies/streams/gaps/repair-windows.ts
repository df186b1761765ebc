import { floorToSecond } from '../../export/export-time.ts';
import {
  type ExportWindow,
  LONGEST_WINDOW_MS,
  SHORTEST_WINDOW_MS,
} from '../../export/export-windows.ts';

const MS_PER_SECOND = 1000;
const HOUR_MS = 3_600_000;
// A change stream holds the changes of a day. The exports may take four hours of it until the changes behind them are
// read; what both tell of does no harm.
const RETAINED_MS = 20 * HOUR_MS;
// A new change stream tells of whatever is written from a moment on that is near the time in its ARN.
const NEW_STREAM_MARGIN_MS = 60_000;
// The clock of a shard that is ahead has some time count as read that is not, and changes from shortly before a snapshot
// are delivered again behind it.
const DOUBTFUL_MS = SHORTEST_WINDOW_MS;

/** What was lost. All in milliseconds since 1970, by AWS's clock. */
export interface Loss {
  /** Up to when everything was read. */
  readonly readTo: number;
  /** Up to when anything was delivered at most. */
  readonly deliveredTo: number;
  /** Whether there are old changes that were not passed yet, deletes perhaps, which are a day older at most. */
  readonly hasOld: boolean;
  readonly now: number;
  /** When the change stream was made that is read from now on, if it is another one. */
  readonly streamMadeAt?: number;
}

/** Windows of incremental exports, in the order in which they are read. */
export interface RepairWindows {
  readonly windows: readonly ExportWindow[];
  /** Where the rows of windows begin behind the first one, in order; in milliseconds since 1970. */
  readonly rows: readonly number[];
  /**
   * Up to when everything counts as read behind them, in milliseconds since 1970. The changes since then are read too:
   * they may tell of a delete within a window that says nothing of it.
   */
  readonly readTo: number;
}

/**
 * The windows of incremental exports that hold what was lost.
 *
 * They begin several times. An export says nothing of an item that was made and deleted within its window, so whatever
 * may have been delivered has to be made before the beginning of a window: the last row of windows begins when nothing
 * more had been delivered, and the one before it when everything had. A first row brings what may be missing of the time
 * before that, when a clock was ahead, or older changes were delivered again and not all of the newer ones, or old deletes
 * were not delivered yet.
 *
 * What a row tells of the time of the next one would be delivered too early, so it counts as deleted until that tells of
 * it.
 */
export function planRepairWindows(loss: Loss): RepairWindows {
  const { readTo, deliveredTo, hasOld, now, streamMadeAt = -Infinity } = loss;
  const starts = [
    firstStart({ readTo, hasOld }),
    floorToSecond(readTo),
    floorToSecond(deliveredTo) + MS_PER_SECOND,
  ];
  const retained = floorToSecond(now - RETAINED_MS);
  const end = Math.max(retained, floorToSecond(streamMadeAt + NEW_STREAM_MARGIN_MS));
  const windows = starts.flatMap((from, index) =>
    divide(from, Math.max(from + SHORTEST_WINDOW_MS, starts[index + 1] ?? end)),
  );
  const covered = windows.at(-1)?.to ?? readTo;
  return { windows, rows: starts.slice(1), readTo: Math.min(covered, Math.max(readTo, retained)) };
}

/** Where the first window begins, in milliseconds since 1970. */
export function firstStart({ readTo, hasOld }: Pick<Loss, 'readTo' | 'hasOld'>): number {
  return floorToSecond(readTo) - (hasOld ? LONGEST_WINDOW_MS : DOUBTFUL_MS);
}

/** From when on what a window tells of counts as deleted; undefined for the last row. In milliseconds since 1970. */
export function nextRow(
  { rows }: Pick<RepairWindows, 'rows'>,
  { from }: ExportWindow,
): number | undefined {
  return rows.find((start) => start > from);
}

/** Windows next to each other of at most a day, of about the same length. */
function divide(from: number, to: number): ExportWindow[] {
  const count = Math.ceil((to - from) / LONGEST_WINDOW_MS);
  const border = (index: number): number => floorToSecond(from + ((to - from) * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    from: border(index),
    to: index === count - 1 ? to : border(index + 1),
  }));
}
