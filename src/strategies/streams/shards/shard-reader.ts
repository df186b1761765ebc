import type { ShardPlace, ShardPosition } from '../../../aws/streams/change-stream.ts';
import { isOfReason } from '../../../errors.ts';
import type { ChangeRecords, ChangeSource } from '../changes/change-source.ts';
import { choosePause } from './shard-pause.ts';
import { type ReadGoal, SyncEnd } from '../changes/sync-end.ts';

/** What becomes of a shard whose position is lost. */
export type LostPosition = 'read what is left' | 'try again' | 'give up' | 'gone';

/** What a shard is read with. */
export interface ShardReading {
  readonly source: ChangeSource;
  readonly place: ShardPlace;
  /** Sequence number of the last record that was read; from the beginning without it. */
  readonly after?: string;
  readonly goal: ReadGoal;
  /**
   * Told before a shard is read from the oldest record that is left.
   *
   * @throws GapError when others may have been trimmed before it.
   */
  readonly beginWithOldest: () => void;
  /** Asked when nobody knows the shard; listing it again may take a while. @throws GapError. */
  readonly onUnknown: (signal: AbortSignal) => Promise<LostPosition>;
  /** Told that everything up to the goal is read. */
  readonly onTip: () => void;
}

/** An answer with records, or the last one of a shard. */
export interface ShardAnswer {
  /** Undefined for a shard that has gone with everything in it. */
  readonly answer?: ChangeRecords;
  readonly isLast: boolean;
}

/**
 * The answers of one shard, from a position to a goal.
 *
 * A shard ends only with an answer without a next iterator, and that answer may hold records. When the signal is aborted
 * it ends without an error.
 *
 * @throws ConnectorError.
 */
export async function* readShard(
  reading: ShardReading,
  signal: AbortSignal,
): AsyncGenerator<ShardAnswer> {
  const { source, goal, onTip } = reading;
  const end = new SyncEnd(goal);
  const cursor = new ShardCursor(reading);
  let pauseMs = 0;
  while (!signal.aborted) {
    if (pauseMs > 0 && !(await pause(source, pauseMs, signal))) return;
    const answer = await cursor.fetch(signal);
    if (answer === 'stopped') return;
    if (answer === 'gone') {
      yield { isLast: true };
      return;
    }
    const { records, bytes, latestSecond, nextIterator } = answer;
    const recordCount = records.length;
    const isLast = nextIterator === undefined;
    const isRead = end.note({ recordCount, latestSecond, at: source.now() });
    pauseMs = choosePause({ recordCount, bytes: bytes.length }, pauseMs);
    if (recordCount > 0 || isLast) yield { answer, isLast };
    else answer.release();
    if (isRead && !isLast) onTip();
    if (isRead || isLast) return;
  }
}

const NOTHING = { recordCount: 0, bytes: 0 };

/** Goes through a shard's answers; a lost iterator or position is replaced where nothing gets lost. */
class ShardCursor {
  readonly #reading: ShardReading;
  #position: ShardPosition;
  #iterator: string | undefined;

  constructor(reading: ShardReading) {
    const { after } = reading;
    this.#reading = reading;
    this.#position =
      after === undefined ? { kind: 'beginning' } : { kind: 'after', sequenceNumber: after };
  }

  async fetch(signal: AbortSignal): Promise<ChangeRecords | 'gone' | 'stopped'> {
    const { source, place } = this.#reading;
    for (let failures = 0, pauseMs = 0; ; failures++) {
      // One failure is mended at once, for positions age; where they go on, so many calls would not help.
      if (failures > 1) {
        pauseMs = choosePause(NOTHING, pauseMs);
        if (!(await pause(source, pauseMs, signal))) return 'stopped';
      }
      try {
        this.#iterator ??= await this.#open(signal);
        const answer = await source.fetch(place, this.#iterator, signal);
        const last = answer.records.at(-1);
        this.#iterator = answer.nextIterator;
        if (last) this.#position = { kind: 'after', sequenceNumber: last.sequenceNumber };
        return answer;
      } catch (error) {
        if (signal.aborted) return 'stopped';
        this.#iterator = undefined;
        const lost = await this.#recover(error, signal);
        if (lost === 'gone') return 'gone';
        if (lost === 'give up') return 'stopped';
      }
    }
  }

  #open(signal: AbortSignal): Promise<string> {
    const { source, place, beginWithOldest } = this.#reading;
    if (this.#position.kind === 'beginning') beginWithOldest();
    return source.iterator(place, this.#position, signal);
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<LostPosition> {
    if (isOfReason(error, 'stale')) return 'try again';
    if (isOfReason(error, 'missing')) return this.#reading.onUnknown(signal);
    // Trimmed: the oldest that is left is next, and that may age out once more before it is read.
    if (!isOfReason(error, 'position lost')) throw error;
    this.#position = { kind: 'beginning' };
    return 'read what is left';
  }
}

/** Whether the signal was not aborted meanwhile. */
async function pause(source: ChangeSource, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await source.sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
