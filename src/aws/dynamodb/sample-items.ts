import { parseJson } from '../../json/parse-json.ts';
import type { RawItem } from './attribute-value.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import type { ScanTarget } from './scan-expressions.ts';
import { fetchScanPage, type ScanPage } from './scan-page.ts';

// DynamoDB spreads items over segments by the hash of their partition key, so a few segments show a table's parts
// better than the first page of one does, and can be asked for at once.
const SAMPLE_SEGMENTS = 4;
// A filter that hardly any item passes must not have a sample read the whole table.
const MOST_EVALUATED_PER_ITEM = 10;

/**
 * Up to `size` items of a scan, from the beginnings of several segments. Where some segments are short, the others
 * give more, so a table with fewer items than `size` is sampled whole; under a filter, at most ten times `size` items
 * are evaluated. The reads are eventually consistent.
 */
export async function sampleItems(
  connection: DynamoDbConnection,
  target: ScanTarget,
  size: number,
  signal: AbortSignal,
): Promise<readonly RawItem[]> {
  const buffers = Array.from({ length: SAMPLE_SEGMENTS }, () => new PageBuffer());
  let items: readonly RawItem[] = [];
  let open = buffers.map(
    (buffer, segment) => new SegmentSample(connection, target, segment, buffer),
  );
  let evaluated = 0;
  while (items.length < size && open.length > 0 && evaluated < size * MOST_EVALUATED_PER_ITEM) {
    const share = Math.ceil((size - items.length) / open.length);
    const pages = await Promise.all(open.map((segment) => segment.next(share, signal)));
    items = items.concat(...pages.map((page) => page.items));
    evaluated += pages.reduce((sum, page) => sum + page.evaluated, 0);
    open = open.filter((segment) => !segment.isComplete);
  }
  return items.slice(0, size);
}

interface SamplePage {
  readonly items: readonly RawItem[];
  /** Items that were looked at, before a filter. */
  readonly evaluated: number;
}

class SegmentSample {
  readonly #connection: DynamoDbConnection;
  readonly #target: ScanTarget;
  readonly #segment: number;
  readonly #buffer: PageBuffer;
  #startKey: RawItem | undefined;
  isComplete = false;

  constructor(
    connection: DynamoDbConnection,
    target: ScanTarget,
    segment: number,
    buffer: PageBuffer,
  ) {
    this.#connection = connection;
    this.#target = target;
    this.#segment = segment;
    this.#buffer = buffer;
  }

  /** The next page, for which at most `limit` items are evaluated. */
  async next(limit: number, signal: AbortSignal): Promise<SamplePage> {
    const request = {
      ...this.#target,
      segment: this.#segment,
      totalSegments: SAMPLE_SEGMENTS,
      consistentRead: false,
      limit,
      ...(this.#startKey && { exclusiveStartKey: this.#startKey }),
    };
    const page = await fetchScanPage(this.#connection, request, this.#buffer, signal);
    this.#startKey = page.lastEvaluatedKey;
    this.isComplete = this.#startKey === undefined;
    const items = parseItems(page);
    return { items, evaluated: page.scannedCount ?? items.length };
  }
}

function parseItems({ buffer, itemsStart, itemsEnd }: ScanPage): readonly RawItem[] {
  return parseJson(buffer.body.toString('utf8', itemsStart, itemsEnd + 1)) as readonly RawItem[];
}
