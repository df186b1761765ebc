import type { JsonObject } from '../json.ts';
import { awsError, success, successBytes, type Reply } from '../fake-aws/replies.ts';
import { type FakeChange, renderEntry } from './change-entry.ts';
import { FakeShard, KEY_SPACE, placeOf } from './fake-shard.ts';

/** What a change stream is made of. */
export interface FakeChangeStreamOptions {
  readonly arn: string;
  /** Milliseconds since 1970 by AWS's clock. */
  readonly now: () => number;
  /** Open shards at the beginning; 1 by default. */
  readonly shards?: number;
  readonly viewType?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'OLD_IMAGE' | 'KEYS_ONLY';
}

/** From when on a shard can be seen, in milliseconds since 1970; Infinity for never. */
export interface ShardVisibility {
  /** By DescribeStream. */
  readonly listedFrom?: number;
  /** By GetShardIterator. */
  readonly knownFrom?: number;
}

const ITERATOR_LIFE_MS = 15 * 60_000;
const SHARDS_A_PAGE = 100;
const DESCRIPTIONS_A_SECOND = 10;

/**
 * A change stream as the Streams service has it: its shards split and roll over, its records are trimmed after a day, its
 * iterators expire after a quarter of an hour. It does nothing by itself, so it can be used without a server.
 */
export class FakeChangeStream {
  readonly arn: string;
  isEnabled = true;
  readonly #options: FakeChangeStreamOptions;
  #shards: FakeShard[] = [];
  #shardCount = 0;
  #sequence = 100_000_000_000_000_000_000n;
  /** When DescribeStream was answered in the last second. */
  #describedAt: number[] = [];

  constructor(options: FakeChangeStreamOptions) {
    const { arn, shards = 1 } = options;
    this.#options = options;
    this.arn = arn;
    for (const places of divide([0, KEY_SPACE], shards)) this.#open(places, undefined);
  }

  get viewType(): string {
    return this.#options.viewType ?? 'NEW_AND_OLD_IMAGES';
  }

  /** Ids of the shards that take changes. */
  get openShards(): readonly string[] {
    return this.#shards.filter(({ isClosed }) => !isClosed).map(({ id }) => id);
  }

  /** Adds a change to the open shard that takes its key. */
  add(change: FakeChange): void {
    const place = placeOf(JSON.stringify(change.keys));
    const shard = this.#shards.find((candidate) => candidate.takes(place));
    if (shard === undefined) throw new Error('No shard takes the key.');
    const at = this.#options.now();
    const sequence = this.#nextSequence();
    const entry = renderEntry(change, { sequence, at, viewType: this.viewType });
    shard.records.push({ at, sequence, entry });
  }

  /** Closes an open shard and opens so many children of it, among which its keys are divided; returns their ids. */
  roll(children = 1, [shardId = ''] = this.openShards): readonly string[] {
    const parent = this.#find(shardId);
    parent.close(this.#options.now());
    return divide(parent.places, children).map((places) => this.#open(places, shardId).id);
  }

  /** Has a shard be seen from a certain time on. */
  reveal(shardId: string, visibility: ShardVisibility): void {
    Object.assign(this.#find(shardId), visibility);
  }

  /** Has other readers of a shard take away the next answers of it. */
  crowd(shardId: string, answers: number): void {
    this.#find(shardId).takenAnswers = answers;
  }

  /** Has the next answers of a shard be empty, whatever follows. */
  stall(shardId: string, answers: number): void {
    this.#find(shardId).emptyAnswers = answers;
  }

  describeStream(input: JsonObject): Reply {
    const now = this.#options.now();
    this.#describedAt = this.#describedAt.filter((at) => at > now - 1000);
    if (this.#describedAt.length >= DESCRIPTIONS_A_SECOND) {
      return awsError('LimitExceededException', 'Rate exceeded for DescribeStream.');
    }
    this.#describedAt.push(now);
    this.#trim();
    const listed = this.#shards.filter(({ listedFrom }) => listedFrom <= now);
    const from = listed.findIndex(({ id }) => id === input.ExclusiveStartShardId) + 1;
    const page = listed.slice(from, from + SHARDS_A_PAGE);
    const last = page.at(-1);
    const hasMore = from + SHARDS_A_PAGE < listed.length;
    return success({
      StreamDescription: {
        StreamArn: this.arn,
        StreamStatus: this.isEnabled ? 'ENABLED' : 'DISABLED',
        StreamViewType: this.viewType,
        Shards: page.map((shard) => this.#describe(shard)),
        ...(hasMore && last && { LastEvaluatedShardId: last.id }),
      },
    });
  }

  getShardIterator(input: JsonObject): Reply {
    this.#trim();
    const now = this.#options.now();
    const shard = this.#shards.find(
      ({ id, knownFrom }) => id === input.ShardId && knownFrom <= now,
    );
    if (shard === undefined) {
      return awsError('ResourceNotFoundException', 'Requested resource not found: Shard');
    }
    if (input.ShardIteratorType === 'TRIM_HORIZON') return this.#iteratorAt(shard, shard.trimmed);
    const index = shard.records.findIndex(({ sequence }) => sequence === input.SequenceNumber);
    if (index < 0) {
      return awsError('ValidationException', 'Invalid SequenceNumber for the shard');
    }
    if (index < shard.trimmed) return TRIMMED;
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
    if (index < shard.trimmed) return TRIMMED;
    if (shard.takenAnswers > 0) {
      shard.takenAnswers--;
      return awsError('LimitExceededException', 'Rate exceeded for the shard.');
    }
    const page = shard.page(index, typeof input.Limit === 'number' ? input.Limit : undefined);
    const end = index + page.length;
    const isOver = this.#takesNoMore(shard) && end === shard.records.length;
    const next = isOver
      ? ''
      : `,"NextShardIterator":${JSON.stringify(this.#writeIterator(shard, end))}`;
    const records = page.map(({ entry }) => entry).join();
    return successBytes(Buffer.from(`{"Records":[${records}]${next}}`));
  }

  #describe(shard: FakeShard): object {
    const { id, parentId, start, records } = shard;
    return {
      ShardId: id,
      ...(parentId !== undefined && { ParentShardId: parentId }),
      SequenceNumberRange: {
        StartingSequenceNumber: start,
        ...(this.#takesNoMore(shard) && {
          EndingSequenceNumber: records.at(-1)?.sequence ?? start,
        }),
      },
    };
  }

  #takesNoMore({ isClosed }: FakeShard): boolean {
    return isClosed || !this.isEnabled;
  }

  #iteratorAt(shard: FakeShard, index: number): Reply {
    return success({ ShardIterator: this.#writeIterator(shard, index) });
  }

  #writeIterator({ id }: FakeShard, index: number): string {
    return JSON.stringify([this.arn, id, index, this.#options.now()]);
  }

  #trim(): void {
    const now = this.#options.now();
    this.#shards = this.#shards.filter((shard) => !shard.trim(now));
  }

  #open(places: readonly [number, number], parentId: string | undefined): FakeShard {
    const id = `shardId-${String(++this.#shardCount).padStart(20, '0')}-00000000`;
    const start = this.#nextSequence();
    const since = this.#options.now();
    const shard = new FakeShard({ id, parentId, places, start, since });
    this.#shards.push(shard);
    return shard;
  }

  #nextSequence(): string {
    return String(++this.#sequence);
  }

  #find(shardId: string): FakeShard {
    const shard = this.#shards.find(({ id }) => id === shardId);
    if (shard === undefined) throw new Error(`There is no shard ${shardId}.`);
    return shard;
  }
}

const TRIMMED = awsError('TrimmedDataAccessException', 'The data is beyond the trim horizon.');

/** The ARN of a change stream, a shard, an index and the time of issue; nothing for what is no iterator. */
export function parseIterator(
  iterator: unknown,
): readonly [string, string, number, number] | readonly [] {
  try {
    return JSON.parse(String(iterator)) as [string, string, number, number];
  } catch {
    return [];
  }
}

/** Divides places into so many parts. */
function divide(
  [from, to]: readonly [number, number],
  parts: number,
): readonly (readonly [number, number])[] {
  const border = (part: number): number => Math.floor(from + ((to - from) * part) / parts);
  return Array.from({ length: parts }, (_, part) => [border(part), border(part + 1)] as const);
}
