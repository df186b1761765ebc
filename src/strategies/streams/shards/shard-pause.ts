// A shard answers five requests a second, and readers of others want some of them.
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1000;
const GROWTH = 1.5;
// An answer of this much is one of many that are waiting.
const FULL_RECORDS = 250;
const FULL_BYTES = 256 * 1024;

/** What the pause behind an answer depends on. */
export interface AnswerSize {
  readonly recordCount: number;
  readonly bytes: number;
}

/** Milliseconds until a shard is asked again: none while it has plenty, and the longer the longer it has nothing. */
export function choosePause({ recordCount, bytes }: AnswerSize, lastPauseMs: number): number {
  if (recordCount >= FULL_RECORDS || bytes >= FULL_BYTES) return 0;
  if (recordCount > 0) return SHORTEST_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, lastPauseMs * GROWTH));
}
