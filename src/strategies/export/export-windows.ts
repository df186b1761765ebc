import { ConfigError } from '../../errors.ts';
import { ceilToSecond, floorToSecond, renderTime } from './export-time.ts';

const MINUTE_MS = 60_000;
/** The shortest window of an incremental export. */
export const SHORTEST_WINDOW_MS = 15 * MINUTE_MS;
/** The longest window of an incremental export. */
export const LONGEST_WINDOW_MS = 24 * 60 * MINUTE_MS;

/** A window of time; `from` is in it, `to` is not. Milliseconds since 1970. */
export interface ExportWindow {
  readonly from: number;
  readonly to: number;
}

/** The recovery of a table, as far as it reaches. Milliseconds since 1970. */
export interface RecoveryPeriod {
  readonly earliest: number;
  /** Some five minutes ago. */
  readonly latest: number;
}

/** The latest moment that can be exported, in whole seconds: DynamoDB knows times of exports no finer. */
export function latestSecond({ latest }: RecoveryPeriod): number {
  return floorToSecond(latest);
}

/**
 * The moment of a full export; where recovery does not reach back to it, the first whole second that it reaches.
 *
 * @param time milliseconds since 1970.
 */
export function reachableMoment(time: number, { earliest }: RecoveryPeriod): number {
  if (time >= earliest) return time;
  return ceilToSecond(earliest);
}

/**
 * The window behind the last one, as long as DynamoDB lets it be; undefined when too little time has passed for one.
 *
 * Windows follow each other without overlap: an incremental export is compacted against the table as it was at its
 * beginning, so an item that was made before its beginning by a clock that runs ahead, or again, would be lost.
 *
 * @param until end of the last window.
 * @param target up to when windows are wanted, in milliseconds since 1970.
 */
export function nextWindow(until: number, target: number): ExportWindow | undefined {
  if (target - until < SHORTEST_WINDOW_MS) return undefined;
  return { from: until, to: Math.min(target, until + LONGEST_WINDOW_MS) };
}

/**
 * Checks that recovery reaches back to the beginning of a window.
 *
 * @throws ConfigError.
 */
export function checkReach(
  { from }: ExportWindow,
  { earliest }: RecoveryPeriod,
  table: string,
): void {
  if (from >= earliest) return;
  throw new ConfigError(
    `The changes of ${table} were read until ${renderTime(from)}, but its point-in-time recovery reaches back to ${renderTime(earliest)} only, so those in between cannot be exported any more. Clear the stream to read it again from its beginning, and sync more often than the recovery period is long.`,
  );
}
