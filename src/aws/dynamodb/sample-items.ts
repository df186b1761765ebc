import type { RawItem } from './attribute-value.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import { callPatiently, type Patience } from '../calls/patient-call.ts';
import type { ScanTarget } from './scan-expressions.ts';
import { parseItems } from './page-items.ts';
import { fetchScanPage } from './scan-page.ts';

// DynamoDB spreads items over segments by the hash of their partition key, so a few segments show a table's parts
// better than the first page of one does, and can be asked for at once.
const SAMPLE_SEGMENTS = 4;
// A filter that hardly any item passes must not have a sample read the whole table.
const MOST_EVALUATED_PER_ITEM = 10;

/** Items of a table. */
export interface ItemSample {
  readonly items: readonly RawItem[];
  /** Whether these are all items that a scan brings. */
  readonly isWholeTable: boolean;
}

/** How much is sampled. */
export interface SampleOptions {
  /** Items at most. */
  readonly size: number;
  /** Pages of each segment at most; as many as it takes without it. A page has 1 MB at most. */
  readonly mostPages?: number;
  /** With each page. */
  readonly patience: Patience;
}

/**
 * Items of a scan, from the beginnings of several segments. Where some segments are short, the others give more, so a
 * table with fewer items than `size` is sampled whole; under a filter, at most ten times `size` items are evaluated. The
 * reads are eventually consistent.
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
