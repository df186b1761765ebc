import type { JsonObject } from '../json.ts';
import { awsError, success, type Reply } from '../fake-aws/replies.ts';

/** A change, its items in DynamoDB JSON. */
export interface FakeChange {
  readonly keys: JsonObject;
  /** Absent for a delete. */
  readonly newImage?: JsonObject;
  /** Absent for an insert. */
  readonly oldImage?: JsonObject;
  /** Whether DynamoDB deleted the item by its time to live. */
  readonly isTtl?: boolean;
}

/** What a change stream is made of. */
export interface FakeChangeStreamOptions {
  readonly arn: string;
  /** Milliseconds since 1970 by AWS's clock. */
  readonly now: () => number;
  /** Open shards at the beginning; 1 by default. */
  readonly shards?: number;
  readonly viewType?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'OLD_IMAGE' | 'KEYS_ONLY';
}

interface FakeShard {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly records: { readonly at: number; readonly sequence: string; readonly entry: object }[];
  /** How many records are trimmed. */
  trimmed: number;
  isClosed: boolean;
  isListed: boolean;
  /** Whether GetShardIterator knows it. */
  isKnown: boolean;
}

const ITERATOR_LIFE_MS = 15 * 60_000;
const RETENTION_MS = 24 * 3_600_000;
const SHARDS_A_PAGE = 100;
const RECORDS_A_PAGE = 1000;

/**
 * A change stream as the Streams service has it: its shards split and roll over, its records are trimmed after a day, its
 * iterators expire after a quarter of an hour.
 */
export class FakeChangeStream {
  readonly arn: string;
  isEnabled = true;
  readonly #options: FakeChangeStreamOptions;
  readonly #shards: FakeShard[] = [];
  #sequence = 100_000_000_000_000_000_000n;

  constructor(options: FakeChangeStreamOptions) {
    this.#options = options;
    this.arn = options.arn;
    for (let count = options.shards ?? 1; count > 0; count--) this.#open(undefined);
  }

  get viewType(): string {
    return this.#options.viewType ?? 'NEW_AND_OLD_IMAGES';
  }

  /** Ids of the shards that take changes. */
  get openShards(): readonly string[] {
    return this.#shards.filter(({ isClosed }) => !isClosed).map(({ id }) => id);
  }

  /** Adds a change to an open shard, the first one by default. */
  add(change: FakeChange, [shardId = ''] = this.openShards): void {
    const { now } = this.#options;
    const { keys, newImage, oldImage, isTtl = false } = change;
    const sequence = String(++this.#sequence);
    const put = oldImage === undefined ? 'INSERT' : 'MODIFY';
    const hasNew = newImage !== undefined && this.viewType.includes('NEW');
    const hasOld = oldImage !== undefined && this.viewType.includes('OLD');
    const entry = {
      eventID: sequence,
      eventName: newImage === undefined ? 'REMOVE' : put,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(now() / 1000),
        Keys: keys,
        ...(hasNew && { NewImage: newImage }),
        ...(hasOld && { OldImage: oldImage }),
        SequenceNumber: sequence,
        SizeBytes: 26,
        StreamViewType: this.viewType,
      },
      ...(isTtl && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
    };
    this.#find(shardId).records.push({ at: now(), sequence, entry });
  }

  /** Closes an open shard and opens so many children of it, whose ids it returns. */
  roll(children = 1, [shardId = ''] = this.openShards): readonly string[] {
    this.#find(shardId).isClosed = true;
    return Array.from({ length: children }, () => this.#open(shardId).id);
  }

  /** Has DescribeStream list a shard, or not. */
  list(shardId: string, isListed: boolean): void {
    this.#find(shardId).isListed = isListed;
  }

  /** Has GetShardIterator know a shard, or not. */
  know(shardId: string, isKnown: boolean): void {
    this.#find(shardId).isKnown = isKnown;
  }

  describeStream(input: JsonObject): Reply {
    this.#trim();
    const listed = this.#shards.filter(({ isListed }) => isListed);
    const from = listed.findIndex(({ id }) => id === input.ExclusiveStartShardId) + 1;
    const page = listed.slice(from, from + SHARDS_A_PAGE);
    const last = page.at(-1);
    const hasMore = from + SHARDS_A_PAGE < listed.length;
    return success({
      StreamDescription: {
        StreamArn: this.arn,
        StreamStatus: this.isEnabled ? 'ENABLED' : 'DISABLED',
        StreamViewType: this.viewType,
        Shards: page.map(({ id, parentId, isClosed }) => ({
          ShardId: id,
          ...(parentId !== undefined && { ParentShardId: parentId }),
          SequenceNumberRange: {
            StartingSequenceNumber: '1',
            ...((isClosed || !this.isEnabled) && { EndingSequenceNumber: '9' }),
          },
        })),
        ...(hasMore && last && { LastEvaluatedShardId: last.id }),
      },
    });
  }

  getShardIterator(input: JsonObject): Reply {
    this.#trim();
    const shard = this.#shards.find(({ id, isKnown }) => id === input.ShardId && isKnown);
    if (shard === undefined) {
      return awsError('ResourceNotFoundException', `Requested resource not found: Shard`);
    }
    if (input.ShardIteratorType === 'TRIM_HORIZON') return this.#iteratorAt(shard, shard.trimmed);
    const { SequenceNumber: sequence } = input;
    const index = shard.records.findIndex((record) => record.sequence === sequence);
    if (index < 0) {
      return awsError('ValidationException', 'Invalid SequenceNumber for the shard');
    }
    if (index < shard.trimmed) {
      return awsError('TrimmedDataAccessException', 'The data is beyond the trim horizon.');
    }
    return this.#iteratorAt(shard, index + 1);
  }

  getRecords(input: JsonObject): Reply {
    this.#trim();
    const [, shardId = '', index = 0, issuedAt = 0] = parseIterator(input.ShardIterator);
    if (this.#options.now() - issuedAt > ITERATOR_LIFE_MS) {
      return awsError('ExpiredIteratorException', 'Iterator expired.');
    }
    const shard = this.#shards.find(({ id }) => id === shardId);
    if (shard === undefined) return awsError('ResourceNotFoundException', 'Shard not found');
    if (index < shard.trimmed) {
      return awsError('TrimmedDataAccessException', 'The data is beyond the trim horizon.');
    }
    const limit = typeof input.Limit === 'number' ? input.Limit : RECORDS_A_PAGE;
    const records = shard.records.slice(index, index + Math.min(limit, RECORDS_A_PAGE));
    const end = index + records.length;
    const isOver = (shard.isClosed || !this.isEnabled) && end === shard.records.length;
    return success({
      Records: records.map(({ entry }) => entry),
      ...(!isOver && { NextShardIterator: this.#writeIterator(shard, end) }),
    });
  }

  #iteratorAt(shard: FakeShard, index: number): Reply {
    return success({ ShardIterator: this.#writeIterator(shard, index) });
  }

  #writeIterator({ id }: FakeShard, index: number): string {
    return JSON.stringify([this.arn, id, index, this.#options.now()]);
  }

  #trim(): void {
    const oldest = this.#options.now() - RETENTION_MS;
    for (const shard of this.#shards) {
      while ((shard.records[shard.trimmed]?.at ?? Infinity) < oldest) shard.trimmed++;
      const isGone = shard.isClosed && shard.trimmed > 0 && shard.trimmed === shard.records.length;
      if (isGone) shard.isListed = shard.isKnown = false;
    }
  }

  #open(parentId: string | undefined): FakeShard {
    const number = String(this.#shards.length + 1).padStart(20, '0');
    const shard: FakeShard = {
      ...{ id: `shardId-${number}-00000000`, parentId, records: [], trimmed: 0 },
      ...{ isClosed: false, isListed: true, isKnown: true },
    };
    this.#shards.push(shard);
    return shard;
  }

  #find(shardId: string): FakeShard {
    const shard = this.#shards.find(({ id }) => id === shardId);
    if (shard === undefined) throw new Error(`There is no shard ${shardId}.`);
    return shard;
  }
}

/** The ARN of a change stream, a shard, an index and the time of issue. */
export function parseIterator(
  iterator: unknown,
): readonly [string, string, number, number] | readonly [] {
  return typeof iterator === 'string'
    ? (JSON.parse(iterator) as [string, string, number, number])
    : [];
}
