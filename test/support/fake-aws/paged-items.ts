import { isJsonObject, parseJsonObject, type Json, type JsonObject } from '../json.ts';

/** A stretch of items and where the next one starts. */
export interface Page {
  readonly count: number;
  /** The items as they were given, with commas between. */
  readonly items: Buffer;
  /** JSON of the last item's key when the page is full; also at the very end, as DynamoDB does. */
  readonly lastEvaluatedKey: string | undefined;
}

export interface PageRequest {
  readonly segment: number;
  readonly totalSegments: number;
  readonly startKey: Json | undefined;
  /** Items a page. */
  readonly limit: number;
}

/** A start key that is not of the segment, or of no item. */
export class StartKeyError extends Error {}

/**
 * The items of one table, rendered once, so that a page is a copy of bytes.
 *
 * A segment is a stretch of neighbours: item `i` of `n` is in segment `floor(i × total / n)`.
 */
export class PagedItems {
  readonly #keyNames: readonly string[];
  /** All items joined by commas. */
  readonly #bytes: Buffer;
  /** Where each item starts; one more for the end. */
  readonly #offsets: Float64Array;
  readonly #keys: readonly string[];
  readonly #positions = new Map<string, number>();

  /** `items` hold DynamoDB JSON (`{"pk":{"S":"a"}}`), which is served to the byte. */
  constructor(keyNames: readonly string[], items: readonly string[]) {
    this.#keyNames = keyNames;
    this.#offsets = new Float64Array(items.length + 1);
    this.#keys = items.map((item) => this.#keyOf(parseJsonObject(item)));
    let offset = 0;
    items.forEach((item, position) => {
      this.#offsets[position] = offset;
      offset += Buffer.byteLength(item) + 1;
    });
    this.#offsets[items.length] = offset;
    this.#bytes = Buffer.alloc(offset, ',');
    items.forEach((item, position) => this.#bytes.write(item, this.#offsets[position] ?? 0));
    this.#keys.forEach((key, position) => this.#positions.set(key, position));
    if (this.#positions.size < items.length) throw new Error('two items have the same key');
  }

  get count(): number {
    return this.#keys.length;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  /** Throws `StartKeyError` for a start key outside the segment. */
  page(request: PageRequest): Page {
    const { segment, totalSegments, limit } = request;
    const first = this.#segmentStart(segment, totalSegments);
    const end = this.#segmentStart(segment + 1, totalSegments);
    let from = first;
    if (request.startKey !== undefined) {
      const last = this.#positionOf(request.startKey, request);
      if (last < first || last >= end) throw outsideSegment(request);
      from = last + 1;
    }
    const to = Math.min(from + limit, end);
    const full = to - from === limit;
    return {
      count: to - from,
      items: to === from ? Buffer.alloc(0) : this.#slice(from, to),
      lastEvaluatedKey: full ? this.#keys[to - 1] : undefined,
    };
  }

  #segmentStart(segment: number, totalSegments: number): number {
    return Math.ceil((segment * this.count) / totalSegments);
  }

  #slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#offsets[from], (this.#offsets[to] ?? 0) - 1);
  }

  #positionOf(startKey: Json, request: PageRequest): number {
    if (!isJsonObject(startKey) || !this.#hasKey(startKey)) {
      throw new StartKeyError(
        'The provided starting key is invalid: The provided key element does not match the schema',
      );
    }
    const position = this.#positions.get(this.#keyOf(startKey));
    if (position === undefined) throw outsideSegment(request);
    return position;
  }

  #hasKey(item: JsonObject): boolean {
    return this.#keyNames.every((name) => Object.hasOwn(item, name));
  }

  #keyOf(item: JsonObject): string {
    if (!this.#hasKey(item)) throw new Error(`an item lacks its key: ${JSON.stringify(item)}`);
    const members = this.#keyNames.map(
      (name) => `${JSON.stringify(name)}:${JSON.stringify(item[name])}`,
    );
    return `{${members.join(',')}}`;
  }
}

function outsideSegment({ totalSegments, segment }: PageRequest): StartKeyError {
  return new StartKeyError(
    'The provided starting key is invalid: Invalid ExclusiveStartKey. ' +
      `Please use ExclusiveStartKey with correct Segment. TotalSegments: ${totalSegments} Segment: ${segment}`,
  );
}
