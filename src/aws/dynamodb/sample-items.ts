import type { RawItem } from './attribute-value.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import { callPatiently, type Patience } from '../calls/patient-call.ts';
import type { ScanTarget } from './scan-expressions.ts';
import { parseItems } from './page-items.ts';
import { fetchScanPage } from './scan-page.ts';

// DynamoDB spreads items over segments by the hash of their partition key, so a few segments represent a
// table better than the first page of one does, and they can be fetched at the same time.
const SAMPLE_SEGMENTS = 4;
// If hardly any item passes the filter, a sample must still not read the whole table.
const MOST_EVALUATED_PER_ITEM = 10;

/** Items of a table. */
export interface ItemSample {
  readonly items: readonly RawItem[];
  /** Whether these are all the items that a scan returns. */
  readonly isWholeTable: boolean;
}

/** How much is sampled. */
export interface SampleOptions {
  /** The largest number of items. */
  readonly size: number;
  /** At most this many pages of each segment; by default, as many as needed. A page has at most 1 MB. */
  readonly mostPages?: number;
  /** For each page. */
  readonly patience: Patience;
}

/**
 * Samples items of a scan from the beginnings of several segments. If some segments are short, the others make up for
 * it, so a table with fewer items than `size` is sampled whole; with a filter, at most ten times `size` items are
 * evaluated. The reads are eventually consistent.
 *
 * @throws what `callPatiently` throws.
 */
export async function sampleItems(
  connection: DynamoDbConnection,
  target: ScanTarget,
  { size, mostPages = Infinity, patience }: SampleOptions,
): Promise<ItemSample> {
  const buffers = Array.from({ length: SAMPLE_SEGMENTS }, () => new PageBuffer());
  let items: readonly RawItem[] = [];
  let open = buffers.map(
    (buffer, segment) => new SegmentSample(connection, target, segment, buffer),
  );
  let evaluated = 0;
  let round = 0;
  const isEnough = (): boolean =>
    items.length >= size || evaluated >= size * MOST_EVALUATED_PER_ITEM || round >= mostPages;
  while (open.length > 0 && !isEnough()) {
    const share = Math.ceil((size - items.length) / open.length);
    const pages = await Promise.all(open.map((segment) => segment.next(share, patience)));
    items = items.concat(...pages.map((page) => page.items));
    evaluated += pages.reduce((sum, page) => sum + page.evaluated, 0);
    open = open.filter((segment) => !segment.isComplete);
    round++;
  }
  return { items: items.slice(0, size), isWholeTable: open.length === 0 && items.length <= size };
}

interface SamplePage {
  readonly items: readonly RawItem[];
  /** Items that were evaluated, before a filter. */
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
  async next(limit: number, patience: Patience): Promise<SamplePage> {
    const request = {
      ...this.#target,
      segment: this.#segment,
      totalSegments: SAMPLE_SEGMENTS,
      consistentRead: false,
      limit,
      ...(this.#startKey && { exclusiveStartKey: this.#startKey }),
    };
    const call = { action: 'dynamodb:Scan', resource: this.#target.table };
    const page = await callPatiently(this.#connection, call, patience, () =>
      fetchScanPage(this.#connection, request, this.#buffer, patience.signal),
    );
    this.#startKey = page.lastEvaluatedKey;
    this.isComplete = this.#startKey === undefined;
    const items = parseItems(page);
    return { items, evaluated: page.scannedCount ?? items.length };
  }
}
