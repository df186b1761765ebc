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

/** What was lost. All in milliseconds since 1970, by AWS's clock. */
export interface Loss {
  /** Up to when everything was read. */
  readonly readTo: number;
  /** Up to when anything was delivered at most. */
  readonly deliveredTo: number;
  readonly now: number;
  /** When the change stream was made that is read from now on, if it is another one. */
  readonly streamMadeAt?: number;
}

/** Windows of incremental exports, in the order in which they are read. */
export interface RepairWindows {
  readonly windows: readonly ExportWindow[];
  /** Where the second row of windows begins, in milliseconds since 1970. */
  readonly again: number;
}

/**
 * The windows of incremental exports that hold what was lost.
 *
 * They begin twice. An export says nothing of an item that was made and deleted within its window, so whatever may have
 * been delivered has to be made before the beginning of a window: the second row of windows begins when nothing more had
 * been delivered. The first row begins when everything had, and has what was written in between; what it tells of later
 * times would be delivered too early, so it counts as deleted until the second row tells of it.
 */
export function planRepairWindows(loss: Loss): RepairWindows {
  const { readTo, deliveredTo, now, streamMadeAt = -Infinity } = loss;
  const from = toSecond(readTo);
  const again = toSecond(deliveredTo) + MS_PER_SECOND;
  const end = toSecond(Math.max(now - RETAINED_MS, streamMadeAt + NEW_STREAM_MARGIN_MS));
  const windows = [
    ...divide(from, Math.max(from + SHORTEST_WINDOW_MS, again)),
    ...divide(again, Math.max(again + SHORTEST_WINDOW_MS, end)),
  ];
  return { windows, again };
}

/** Up to when a repair by these windows has everything. */
export function endOfRepair({ windows }: RepairWindows): number {
  return windows.at(-1)?.to ?? -Infinity;
}

/** Windows next to each other of at most a day, of about the same length. */
function divide(from: number, to: number): ExportWindow[] {
  const count = Math.ceil((to - from) / LONGEST_WINDOW_MS);
  const border = (index: number): number => toSecond(from + ((to - from) * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    from: border(index),
    to: index === count - 1 ? to : border(index + 1),
  }));
}

/** Exports know no finer times. */
function toSecond(ms: number): number {
  return Math.floor(ms / MS_PER_SECOND) * MS_PER_SECOND;
}
