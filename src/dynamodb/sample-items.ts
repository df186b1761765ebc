import type { RawItem } from './attribute-value.ts';
import type { DynamoDbConnection } from './connection.ts';
import { PageBuffer } from './page-buffer.ts';
import { fetchScanPage, type ScanPage } from './scan-page.ts';

// DynamoDB spreads items over segments by the hash of their partition key, so a few segments show a table's parts
// better than the first page of one does, and can be asked for at once.
const SAMPLE_SEGMENTS = 4;

/**
 * Up to `size` items of a table, from the beginnings of several segments. Where some segments are short, the others
 * give more, so a table with fewer items than `size` is sampled whole. The reads are eventually consistent.
 */
export async function sampleItems(
  connection: DynamoDbConnection,
  table: string,
  size: number,
  signal: AbortSignal,
): Promise<readonly RawItem[]> {
  const buffers = Array.from({ length: SAMPLE_SEGMENTS }, () => new PageBuffer());
  const items: RawItem[] = [];
  let open = buffers.map(
    (buffer, segment) => new SegmentSample(connection, table, segment, buffer),
  );
  while (items.length < size && open.length > 0) {
    const share = Math.ceil((size - items.length) / open.length);
    const pages = await Promise.all(open.map((segment) => segment.next(share, signal)));
    items.push(...pages.flat());
    open = open.filter((segment) => !segment.isComplete);
  }
  return items.slice(0, size);
}

class SegmentSample {
  readonly #connection: DynamoDbConnection;
  readonly #table: string;
  readonly #segment: number;
  readonly #buffer: PageBuffer;
  #startKey: RawItem | undefined;
  isComplete = false;

  constructor(connection: DynamoDbConnection, table: string, segment: number, buffer: PageBuffer) {
    this.#connection = connection;
    this.#table = table;
    this.#segment = segment;
    this.#buffer = buffer;
  }

  /** The next page of at most `limit` items. */
  async next(limit: number, signal: AbortSignal): Promise<readonly RawItem[]> {
    const request = {
      table: this.#table,
      segment: this.#segment,
      totalSegments: SAMPLE_SEGMENTS,
      consistentRead: false,
      limit,
      ...(this.#startKey && { exclusiveStartKey: this.#startKey }),
    };
    const page = await fetchScanPage(this.#connection, request, this.#buffer, signal);
    this.#startKey = page.lastEvaluatedKey;
    this.isComplete = this.#startKey === undefined;
    return parseItems(page);
  }
}

function parseItems({ buffer, itemsStart, itemsEnd }: ScanPage): readonly RawItem[] {
  return JSON.parse(buffer.body.toString('utf8', itemsStart, itemsEnd + 1)) as readonly RawItem[];
}
