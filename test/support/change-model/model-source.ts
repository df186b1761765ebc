import { ConfigError, type FailureReason } from '../../../src/errors.ts';
import type { ChangeRecord } from '../../../src/aws/streams/change-records.ts';
import type {
  ShardPage,
  ShardPlace,
  ShardPosition,
} from '../../../src/aws/streams/change-stream.ts';
import type { ByteSpan } from '../../../src/json/json-scanner.ts';
import type {
  ChangeRecords,
  ChangeSource,
} from '../../../src/strategies/streams/changes/change-source.ts';
import type { Random } from '../seeded-random.ts';
import type { ModelRecord, ModelShard, ModelTable } from './model-table.ts';
import type { VirtualClock } from './virtual-clock.ts';

const ITERATOR_LIFE_MS = 15 * 60_000;
const MOST_EMPTY_ANSWERS = 5;
const SHARDS_A_PAGE = 3;

/** What a model of the Streams service is made of. */
export interface ModelSourceInput {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** By the beginning of their ARN, up to the last `/`: tables whose change streams there are. */
  readonly table: ModelTable;
  /** Records of an answer at most. */
  readonly pageSize: number;
}

/** An item in DynamoDB JSON. */
export function toItem(key: string, version?: number): string {
  const value = version === undefined ? '' : `,"v":{"N":"${version}"}`;
  return `{"pk":{"S":"${key}"}${value}}`;
}

/** The Streams service of a model table, with its delays, empty answers, expired iterators and trimmed positions. */
export class ModelSource implements ChangeSource {
  /** Calls by name. */
  readonly calls = { describe: 0, iterator: 0, fetch: 0 };
  /** Answers that nobody has released yet. */
  readonly held = new Set<symbol>();
  readonly #input: ModelSourceInput;
  readonly #emptyAnswers = new Map<string, number>();

  constructor(input: ModelSourceInput) {
    this.#input = input;
  }

  now(): number {
    return this.#input.clock.now();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#input.clock.sleep(ms, signal);
  }

  async describe(arn: string, start: string | undefined, signal: AbortSignal): Promise<ShardPage> {
    this.calls.describe++;
    await this.#wait(signal);
    const { table, clock } = this.#input;
    table.trim();
    const known = table.shardsOf(arn);
    if (known === undefined) throw createError('missing', 'The stream does not exist.');
    const listed = known.filter(({ listedAt }) => listedAt <= clock.now());
    const from = start === undefined ? 0 : listed.findIndex(({ id }) => id === start) + 1;
    const shards = listed.slice(from, from + SHARDS_A_PAGE);
    const last = shards.at(-1);
    return {
      status: arn === table.arn && !table.isDisabled ? 'ENABLED' : 'DISABLED',
      shards: shards.map(({ id, parentId, closedAt }) => ({
        id,
        ...(parentId !== undefined && { parentId }),
        isClosed: closedAt !== undefined,
      })),
      ...(last && from + SHARDS_A_PAGE < listed.length && { lastShardId: last.id }),
    };
  }

  async iterator(place: ShardPlace, position: ShardPosition, signal: AbortSignal): Promise<string> {
    this.calls.iterator++;
    await this.#wait(signal);
    const shard = this.#findShard(place);
    if (shard.knownAt > this.now()) throw createError('missing', 'The shard is not known yet.');
    if (position.kind === 'beginning') return this.#createIterator(shard.trimmed);
    const index = shard.records.findIndex(
      ({ sequenceNumber }) => sequenceNumber === position.sequenceNumber,
    );
    if (index < shard.trimmed) throw createError('position lost', 'Trimmed.');
    return this.#createIterator(index + 1);
  }

  async fetch(place: ShardPlace, iterator: string, signal: AbortSignal): Promise<ChangeRecords> {
    this.calls.fetch++;
    await this.#wait(signal);
    const { random, pageSize } = this.#input;
    const [position = 0, issuedAt = 0] = iterator.split(' ').map(Number);
    if (this.now() - issuedAt > ITERATOR_LIFE_MS || random() < 0.01) {
      throw createError('stale', 'The iterator has expired.');
    }
    const shard = this.#findShard(place);
    if (position < shard.trimmed) throw createError('position lost', 'Trimmed.');
    const visible = shard.records.filter(({ visibleAt }) => visibleAt <= this.now()).length;
    const size = this.#isEmptyNow(shard) ? 0 : 1 + Math.floor(random() * pageSize);
    const end = Math.max(position, Math.min(visible, position + size));
    const isOver = shard.closedAt !== undefined && end === shard.records.length;
    // The end may come with the last records, or behind them.
    const isLast = isOver && (end === position || random() < 0.5);
    const answer = Symbol(shard.id);
    this.held.add(answer);
    return {
      ...toAnswer(shard.records.slice(position, end)),
      ...(!isLast && { nextIterator: this.#createIterator(end) }),
      release: () => {
        if (!this.held.delete(answer)) throw new Error('An answer was released twice.');
      },
    };
  }

  /** An answer may be empty though more follow, but not for ever. */
  #isEmptyNow({ id }: ModelShard): boolean {
    const count = this.#emptyAnswers.get(id) ?? 0;
    const isEmpty = count < MOST_EMPTY_ANSWERS && this.#input.random() < 0.3;
    this.#emptyAnswers.set(id, isEmpty ? count + 1 : 0);
    return isEmpty;
  }

  #findShard({ arn, shardId }: ShardPlace): ModelShard {
    const { table } = this.#input;
    table.trim();
    const shard = table.shardsOf(arn)?.find(({ id }) => id === shardId);
    if (shard === undefined) throw createError('missing', 'The shard does not exist.');
    return shard;
  }

  #createIterator(position: number): string {
    return `${position} ${this.now()}`;
  }

  #wait(signal: AbortSignal): Promise<void> {
    return this.sleep(5 + this.#input.random() * 40, signal);
  }
}

function createError(reason: FailureReason, message: string): ConfigError {
  return new ConfigError(message, { reason });
}

function toAnswer(
  records: readonly ModelRecord[],
): Pick<ChangeRecords, 'bytes' | 'records' | 'latestSecond'> {
  let text = '';
  const add = (item: string): ByteSpan => {
    const start = text.length + 1;
    text += ` ${item}`;
    return { start, end: text.length };
  };
  const changes = records.map((record): ChangeRecord => {
    const { key, version, oldVersion, sequenceNumber, createdAt, isTtl } = record;
    const facts = {
      ...{ sequenceNumber, createdAt, isTtl },
      keys: add(toItem(key)),
      ...(oldVersion !== undefined && { oldImage: add(toItem(key, oldVersion)) }),
    };
    if (version === undefined) return { kind: 'delete', ...facts };
    return { kind: 'put', ...facts, newImage: add(toItem(key, version)) };
  });
  const latestSecond = Math.max(0, ...records.map(({ createdAt }) => createdAt));
  return { bytes: Buffer.from(text), records: changes, latestSecond };
}
