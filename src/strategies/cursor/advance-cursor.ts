import { type CursorValue, earlierCursor, laterCursor } from './cursor-value.ts';
import { recogniseTime } from './cursor-time.ts';

// Clocks on walls are 12 hours behind UTC at most and 14 ahead of it.
const WALL_CLOCKS_MS = 26 * 3_600_000;

/** What a complete scan has come to. */
export interface ScanEnd {
  /** The cursor that it began from. */
  readonly previous?: CursorValue;
  /** The largest value that it brought. */
  readonly largest: CursorValue;
  /** AWS's time at the start of the scan, in milliseconds since 1970, not later than its first request. */
  readonly startedAt: number;
  /** How far a cursor that is a time stays behind the start. */
  readonly marginMs: number;
}

/** The cursor to save, and what kind of values it goes by. */
export interface AdvancedCursor {
  readonly value: CursorValue;
  readonly kind: 'time' | 'wall clock' | 'no time';
}

/**
 * The cursor that is saved when every segment of a scan is complete.
 *
 * A scan is no snapshot: what is changed behind its position while it goes on is not seen, with values below the largest
 * one that is. All of those changes are later than the start of the scan, so a cursor that is a time stays behind that.
 */
export function advanceCursor({ previous, largest, startedAt, marginMs }: ScanEnd): AdvancedCursor {
  // One value that is no time, such as "never", does not make the others any.
  const form =
    recogniseTime(largest, startedAt) ?? (previous && recogniseTime(previous, startedAt));
  const kind = form === undefined ? 'no time' : form.isUtc ? 'time' : 'wall clock';
  const behind = marginMs + (kind === 'wall clock' ? WALL_CLOCKS_MS : 0);
  const reached = form ? earlierCursor(largest, form.write(startedAt - behind)) : largest;
  return { value: previous ? laterCursor(previous, reached) : reached, kind };
}
