/** How many places there are for keys in all shards together. */
export const KEY_SPACE = 2 ** 32;

const RETENTION_MS = 24 * 3_600_000;
const RECORDS_A_PAGE = 1000;
const BYTES_A_PAGE = 1_000_000;

/** A record of a shard. */
export interface FakeRecord {
  readonly at: number;
  readonly sequence: string;
  /** JSON. */
  readonly entry: string;
}

/** What a shard begins with. */
export interface FakeShardInput {
  readonly id: string;
  readonly parentId: string | undefined;
  /** It takes the keys from the first of these places up to the second one. */
  readonly places: readonly [number, number];
  /** The sequence number before its first one. */
  readonly start: string;
  /** When it is listed first, and when iterators of it are to be had first. */
  readonly since: number;
}

/** A shard of a fake change stream. Times are milliseconds since 1970. */
export class FakeShard {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly places: readonly [number, number];
  readonly start: string;
  readonly records: FakeRecord[] = [];
  /** How many records are trimmed. */
  trimmed = 0;
  /** Answers that other readers of the shard take away. */
  takenAnswers = 0;
  /** Answers that are empty, whatever follows. */
  emptyAnswers = 0;
  listedFrom: number;
  knownFrom: number;
  #closedAt = Infinity;

  constructor({ id, parentId, places, start, since }: FakeShardInput) {
    this.id = id;
    this.parentId = parentId;
    this.places = places;
    this.start = start;
    this.listedFrom = this.knownFrom = since;
  }

  get isClosed(): boolean {
    return this.#closedAt !== Infinity;
  }

  close(at: number): void {
    this.#closedAt = at;
  }

  takes(place: number): boolean {
    const [from, to] = this.places;
    return !this.isClosed && from <= place && place < to;
  }

  /** Takes away the records that are older than a day; whether the shard goes with the last of them. */
  trim(now: number): boolean {
    const oldest = now - RETENTION_MS;
    while ((this.records[this.trimmed]?.at ?? Infinity) < oldest) this.trimmed++;
    return this.#closedAt < oldest && this.trimmed === this.records.length;
  }

  /** The records of one answer: at most 1,000, and 1 MB unless the first is longer. */
  page(index: number, limit = RECORDS_A_PAGE): readonly FakeRecord[] {
    if (this.emptyAnswers > 0) {
      this.emptyAnswers--;
      return [];
    }
    const page = this.records.slice(index, index + Math.min(limit, RECORDS_A_PAGE));
    let bytes = 0;
    const end = page.findIndex(({ entry }) => (bytes += entry.length) > BYTES_A_PAGE);
    return end < 0 ? page : page.slice(0, Math.max(1, end));
  }
}

/** Where in the space of keys one lies: those of the fake are hashed evenly. */
export function placeOf(key: string): number {
  let hash = 2_166_136_261;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  // The last step spreads keys that differ in their last byte only.
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
