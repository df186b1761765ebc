import type { Random } from '../seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A change as its shard holds it. */
export interface ModelRecord {
  readonly key: string;
  readonly version?: number;
  readonly oldVersion?: number;
  readonly sequenceNumber: string;
  readonly writtenAt: number;
  /** When readers see it. */
  readonly visibleAt: number;
  readonly createdAt: number;
  readonly isTtl: boolean;
}

/** A shard of the model's change stream. */
export interface ModelShard {
  readonly id: string;
  readonly parentId?: string;
  readonly from: number;
  readonly to: number;
  /** Milliseconds that its clock is ahead. */
  readonly skewMs: number;
  readonly records: ModelRecord[];
  /** How many of the records are trimmed. */
  trimmed: number;
  /** When it is listed first. */
  readonly listedAt: number;
  /** When GetShardIterator knows it first. */
  readonly knownAt: number;
  closedAt?: number;
}

/** A change stream of the table, and its shards; the oldest first. */
interface ModelStream {
  readonly arn: string;
  readonly madeAt: number;
  shards: ModelShard[];
  /** Since when nothing is written into it. */
  disabledAt?: number;
}

/** How faulty and how busy a model is. */
export interface ModelOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly shards: number;
  readonly largestSkewMs: number;
}

const KEY_SPACE = 1_000_000;
const RETENTION_MS = 24 * 3_600_000;
const LISTED_LATE_MS = 8000;
const KNOWN_LATE_MS = 3000;

/** A table with a change stream: its items, and the shards in which its changes are. */
export class ModelTable {
  readonly items = new Map<string, number>();
  /** Every write, in order; without a version, a delete. */
  readonly #writes: { readonly at: number; readonly key: string; readonly version?: number }[] = [];
  readonly #options: ModelOptions;
  /** The one that the table has is the last. */
  readonly #streams: ModelStream[] = [];
  #version = 0;
  #sequence = 0;
  #shardCount = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#makeStream();
  }

  get arn(): string {
    return this.#stream.arn;
  }

  get streamMadeAt(): number {
    return this.#stream.madeAt;
  }

  get isDisabled(): boolean {
    return this.#stream.disabledAt !== undefined;
  }

  /** Those that exist, the oldest first. */
  get shards(): readonly ModelShard[] {
    return this.#stream.shards;
  }

  /** Those of a change stream, which is there for a day after it was disabled. */
  shardsOf(arn: string): readonly ModelShard[] | undefined {
    return this.#streams.find((stream) => stream.arn === arn)?.shards;
  }

  get #stream(): ModelStream {
    const stream = this.#streams.at(-1);
    if (stream === undefined) throw new Error('The table has no change stream.');
    return stream;
  }

  put(key: string): void {
    this.#write(key, ++this.#version);
  }

  delete(key: string, isTtl = false): void {
    if (this.items.has(key)) this.#write(key, undefined, isTtl);
  }

  /** Writes an item that no change tells of: it was there before the change stream. */
  load(key: string): void {
    this.items.set(key, ++this.#version);
    this.#writes.push({ at: this.#options.clock.now(), key, version: this.#version });
  }

  /** The items of all writes before a moment. */
  asOf(moment: number): ReadonlyMap<string, number> {
    const items = new Map<string, number>();
    for (const { at, key, version } of this.#writes) {
      if (at >= moment) break;
      if (version === undefined) items.delete(key);
      else items.set(key, version);
    }
    return items;
  }

  /** The last times at which keys were written from one moment to before another. */
  lastWrites(from: number, to: number): ReadonlyMap<string, number> {
    const writes = this.#writes.filter(({ at }) => at >= from && at < to);
    return new Map(writes.map(({ key, at }) => [key, at]));
  }

  /** Closes a shard; its keys go to one or two children. */
  roll(children: 1 | 2): void {
    const open = this.shards.filter(({ closedAt }) => closedAt === undefined);
    const shard = open[Math.floor(this.#options.random() * open.length)];
    if (shard === undefined) return;
    shard.closedAt = this.#options.clock.now();
    const middle = children === 1 ? shard.to : Math.floor((shard.from + shard.to) / 2);
    this.#open({ parentId: shard.id, from: shard.from, to: middle });
    if (children === 2) this.#open({ parentId: shard.id, from: middle, to: shard.to });
  }

  /** Ends the change stream: what is written now is in none. */
  disableStream(): void {
    const now = this.#options.clock.now();
    this.#stream.disabledAt = now;
    for (const shard of this.shards) shard.closedAt ??= now;
  }

  /** Gives the table another change stream. */
  renewStream(): void {
    if (!this.isDisabled) this.disableStream();
    this.#makeStream();
  }

  /** Takes away what is older than a day. */
  trim(): void {
    const oldest = this.#options.clock.now() - RETENTION_MS;
    const streams = this.#streams.filter(({ disabledAt = Infinity }) => disabledAt >= oldest);
    this.#streams.splice(0, Infinity, ...streams);
    for (const stream of this.#streams) trimStream(stream, oldest);
  }

  #write(key: string, version: number | undefined, isTtl = false): void {
    const { clock, random } = this.#options;
    const oldVersion = this.items.get(key);
    if (version === undefined) this.items.delete(key);
    else this.items.set(key, version);
    const writtenAt = clock.now();
    this.#writes.push({ at: writtenAt, key, ...(version !== undefined && { version }) });
    if (this.isDisabled) return;
    const place = placeOf(key);
    const shard = this.shards.find(
      ({ from, to, closedAt }) => closedAt === undefined && from <= place && place < to,
    );
    if (shard === undefined) throw new Error('No shard takes the key.');
    const previous = shard.records.at(-1);
    shard.records.push({
      key,
      ...(version !== undefined && { version }),
      ...(oldVersion !== undefined && { oldVersion }),
      sequenceNumber: String(++this.#sequence).padStart(21, '0'),
      writtenAt,
      visibleAt: Math.max(previous?.visibleAt ?? 0, writtenAt + random() * 1000),
      // A clock may jump back a little from one record to the next.
      createdAt: Math.floor((writtenAt + shard.skewMs - random() * 1500) / 1000),
      isTtl,
    });
  }

  /** The ARN tells when it was made. */
  #makeStream(): void {
    const { shards, clock } = this.#options;
    const madeAt = clock.now();
    const label = new Date(madeAt).toISOString().slice(0, -1);
    this.#streams.push({ arn: `arn:model/stream/${label}`, madeAt, shards: [] });
    for (let index = 0; index < shards; index++) {
      this.#open({
        from: Math.floor((KEY_SPACE * index) / shards),
        to: Math.floor((KEY_SPACE * (index + 1)) / shards),
      });
    }
  }

  #open(range: Pick<ModelShard, 'parentId' | 'from' | 'to'>): void {
    const { clock, random, largestSkewMs } = this.#options;
    const isChild = range.parentId !== undefined;
    const listedAt = clock.now() + (isChild && random() < 0.3 ? random() * LISTED_LATE_MS : 0);
    this.#stream.shards.push({
      ...range,
      id: `shardId-${String(++this.#shardCount).padStart(5, '0')}`,
      skewMs: (2 * random() - 1) * largestSkewMs,
      records: [],
      trimmed: 0,
      listedAt,
      knownAt: listedAt + (isChild && random() < 0.2 ? random() * KNOWN_LATE_MS : 0),
    });
  }
}

/** Takes away the records that are older than a time, and the shards that have none left. */
function trimStream(stream: ModelStream, oldest: number): void {
  for (const shard of stream.shards) {
    while ((shard.records[shard.trimmed]?.writtenAt ?? Infinity) < oldest) shard.trimmed++;
  }
  stream.shards = stream.shards.filter(
    ({ closedAt, records, trimmed }) =>
      closedAt === undefined || closedAt >= oldest || trimmed < records.length,
  );
}

/** Where in the space of keys one lies. */
function placeOf(key: string): number {
  let hash = 2_166_136_261;
  for (const code of Buffer.from(key)) hash = Math.imul(hash ^ code, 16_777_619) >>> 0;
  return hash % KEY_SPACE;
}
