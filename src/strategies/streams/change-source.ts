import { ConnectorError } from '../../errors.ts';

/** A shard as DescribeStream lists it. */
export interface Shard {
  readonly id: string;
  readonly parentId?: string;
  readonly isClosed: boolean;
}

/** One page of DescribeStream. */
export interface ShardPage {
  readonly status: 'ENABLED' | 'DISABLED' | 'ENABLING' | 'DISABLING';
  readonly viewType?: string;
  readonly shards: readonly Shard[];
  /** Where the next page begins behind; absent on the last one. */
  readonly lastShardId?: string;
}

/** A stretch of a page's bytes. */
export interface ByteSpan {
  readonly start: number;
  /** Index behind the last byte. */
  readonly end: number;
}

/** An entry of a change stream; what it holds of the item is bytes of its page, each span an item in DynamoDB JSON. */
export interface ChangeRecord {
  readonly kind: 'put' | 'delete';
  readonly sequenceNumber: string;
  /** Seconds since 1970, whole. */
  readonly createdAt: number;
  readonly keys: ByteSpan;
  readonly newImage?: ByteSpan;
  readonly oldImage?: ByteSpan;
  /** Whether DynamoDB deleted the item because its time was up. */
  readonly isTtl: boolean;
}

/** One answer of GetRecords. Whoever has it releases it. */
export interface ChangeRecords {
  readonly bytes: Uint8Array;
  readonly records: readonly ChangeRecord[];
  /** Absent at the end of the shard. */
  readonly nextIterator?: string;
  release(): void;
}

/** Where a shard is read from. */
export type ShardPosition =
  { readonly kind: 'beginning' } | { readonly kind: 'after'; readonly sequenceNumber: string };

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

/** A shard of a change stream. */
export interface ShardPlace {
  readonly arn: string;
  readonly shardId: string;
}

/** Whether a call failed because what it asks about is not there, no longer, or not in time. */
export function isOfReason(
  thrown: unknown,
  reason: 'position lost' | 'missing' | 'stale',
): thrown is Error {
  return thrown instanceof ConnectorError && thrown.reason === reason;
}
