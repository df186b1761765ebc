import type { ChangeRecordList } from '../../../aws/streams/change-records.ts';
import type { ShardPage, ShardPlace, ShardPosition } from '../../../aws/streams/change-stream.ts';

/** One answer of GetRecords. Whoever has it releases it. */
export interface ChangeRecords {
  readonly bytes: Uint8Array;
  readonly records: ChangeRecordList;
  /** Seconds since 1970 of the latest of them; 0 without any. */
  readonly latestSecond: number;
  /** Absent at the end of the shard. */
  readonly nextIterator?: string;
  release(): void;
}

/**
 * The change streams of one account and region, and its time.
 *
 * Every call waits out what passes, throttling by other readers of a shard above all. They throw a ConnectorError, whose
 * reason is `position lost` for a position that was trimmed, `missing` for a shard or stream that is not known, and
 * `stale` for an iterator that was not used in time; or the signal's reason.
 */
export interface ChangeSource {
  /** The shards behind one of them. */
  describe(arn: string, startShardId: string | undefined, signal: AbortSignal): Promise<ShardPage>;
  iterator(place: ShardPlace, position: ShardPosition, signal: AbortSignal): Promise<string>;
  fetch(place: ShardPlace, iterator: string, signal: AbortSignal): Promise<ChangeRecords>;
  /** Milliseconds since 1970 by AWS's clock. */
  now(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
