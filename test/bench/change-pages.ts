import { crc32 } from 'node:zlib';
import { type RenderedResponse, renderHead } from './scan-response.ts';
import { SHAPES, type ShapeName } from './shapes.ts';

// What GetRecords answers at most, of which both images are a part.
const PAGE_BYTES = 1_000_000;
const MOST_RECORDS = 1000;
// So many different pages repeat through a shard.
const PAGE_COUNT = 16;
// Before the date of the answers: a later change would end the sync.
const CREATED_AT = 1_795_300_000;

interface ChangePage {
  /** The body up to the end of `Records`. */
  readonly bytes: Buffer;
  readonly crc: number;
  readonly count: number;
}

/** Answers of GetRecords with updates of a shape's items, prerendered. */
export class ChangePages {
  readonly #pages: readonly ChangePage[];

  constructor(shape: ShapeName) {
    this.#pages = Array.from({ length: PAGE_COUNT }, (_, page) => renderPage(shape, page));
  }

  /** The answer at a position of a shard, whose name goes into the iterator, that has `total` records and stays open. */
  respond(shard: string, position: number, total: number): RenderedResponse {
    const page = this.#cut(position, total);
    const iterator = `${shard}/${position + page.count}`;
    const tail = Buffer.from(`],"NextShardIterator":"${iterator}"}`);
    const bodyBytes = page.bytes.length + tail.length;
    const extra = page.count > 0 ? `x-bench-next-key: ${iterator}\r\n` : '';
    const head = renderHead(200, { bodyBytes, crc: crc32(tail, page.crc), extra });
    return { pieces: [head, page.bytes, tail], bodyBytes, itemCount: page.count };
  }

  #cut(position: number, total: number): ChangePage {
    const [first] = this.#pages;
    if (first === undefined || position >= total) return EMPTY;
    const page = this.#pages[Math.floor(position / first.count) % PAGE_COUNT] ?? first;
    const left = total - position;
    return left >= page.count ? page : cutShort(page, left);
  }
}

const EMPTY = toPage([]);

function renderPage(shape: ShapeName, page: number): ChangePage {
  const records: string[] = [];
  let size = 0;
  while (size < PAGE_BYTES && records.length < MOST_RECORDS) {
    const record = renderRecord(shape, page * MOST_RECORDS + records.length);
    size += record.length;
    records.push(record);
  }
  return toPage(records);
}

function renderRecord(shape: ShapeName, index: number): string {
  const { render } = SHAPES[shape];
  const sequence = String(index).padStart(21, '1');
  return (
    `{"awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":${CREATED_AT}.0,` +
    `"Keys":{"pk":{"S":"user#${index}"},"sk":{"S":"2024-01-01T00:00:00.${index}Z"}},` +
    `"NewImage":${render(index)},"OldImage":${render(index)},"SequenceNumber":"${sequence}",` +
    `"SizeBytes":1060,"StreamViewType":"NEW_AND_OLD_IMAGES"},"eventID":"${sequence}",` +
    `"eventName":"MODIFY","eventSource":"aws:dynamodb","eventVersion":"1.1"}`
  );
}

function toPage(records: readonly string[]): ChangePage {
  const bytes = Buffer.from(`{"Records":[${records.join(',')}`);
  return { bytes, crc: crc32(bytes), count: records.length };
}

/** The last page of a shard. */
function cutShort({ bytes }: ChangePage, count: number): ChangePage {
  const { Records } = JSON.parse(`${bytes.toString()}]}`) as {
    readonly Records: readonly object[];
  };
  return toPage(Records.slice(0, count).map((record) => JSON.stringify(record)));
}
