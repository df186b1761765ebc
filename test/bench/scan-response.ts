import { crc32, deflateRawSync, constants } from 'node:zlib';

import type { PageCut, PageSet } from './pages.ts';
import type { ReplayTable } from './table-name.ts';

/** The part of a Scan request that the replay server heeds. */
export interface ScanRequest {
  readonly Segment?: number;
  readonly TotalSegments?: number;
  readonly Limit?: number;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
  /** Whatever it says, one item in a thousand passes it. */
  readonly FilterExpression?: string;
  readonly ExclusiveStartKey?: Readonly<Record<string, { readonly S?: string }>>;
}

/** A whole HTTP response, in pieces that are written together. */
export interface RenderedResponse {
  readonly pieces: readonly Buffer[];
  readonly bodyBytes: number;
  readonly itemCount: number;
}

/** What DynamoDB calls a request that it does not take. */
export class ValidationError extends Error {}

const READ_UNIT_BYTES = 4096;
const ITEMS_PER_MATCH = 1000;
/** Partial pages come in any number; past this many the kept checksums are let go. */
const MAX_KEPT = 4096;
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

interface Opening {
  /** The body up to the end of `Items`, as it is sent. */
  readonly pieces: readonly Buffer[];
  /** CRC-32 of the pieces as sent. */
  readonly sentCrc: number;
  /** CRC-32 and length before compression. */
  readonly crc: number;
  readonly length: number;
}

/** Renders Scan responses of one table from its shape's pages; what repeats is rendered once. */
export class ScanResponder {
  readonly #table: ReplayTable;
  readonly #pages: PageSet;
  readonly #openings = new Map<string, Opening>();

  constructor(table: ReplayTable, pages: PageSet) {
    this.#table = table;
    this.#pages = pages;
  }

  /** The response to `request`; throws ValidationError when its start key is not of its segment. */
  respond(request: ScanRequest, gzip: boolean): RenderedResponse {
    const { Segment: segment = 0, TotalSegments: total = 1 } = request;
    if (segment < 0 || segment >= total) throw new ValidationError('Segment out of range');
    const first = Math.floor((this.#table.items * segment) / total);
    const end = Math.floor((this.#table.items * (segment + 1)) / total);
    const position = readStartKey(request, { segment, total, first, end });
    const limit = Math.min(end - position, request.Limit ?? Number.POSITIVE_INFINITY);
    // Pages are counted from the segment's start, so that all but its last are full whatever the segment count.
    const cut = this.#pages.cut(position - first, limit);
    const next = position + cut.count;
    const key = next < end ? `${total}/${segment}/${next}` : undefined;
    const passed = request.FilterExpression === undefined ? cut : this.#pick(cut, position - first);
    const opening = this.#open(passed, { ...request, evaluatedBytes: cut.items.length }, gzip);
    return close(opening, { key, next, scannedCount: cut.count, count: passed.count, gzip });
  }

  #pick({ count }: PageCut, offset: number): PageCut {
    return this.#pages.cut(offset, Math.round(count / ITEMS_PER_MATCH));
  }

  #open(
    cut: PageCut,
    request: ScanRequest & { readonly evaluatedBytes: number },
    gzip: boolean,
  ): Opening {
    const capacity = this.#renderCapacity(request.evaluatedBytes, request);
    const id = `${cut.id}:${capacity}:${gzip}`;
    const kept = this.#openings.get(id);
    if (kept !== undefined) return kept;
    const head = Buffer.from(`{${capacity}"Count":${cut.count},"Items":[`);
    const pieces = [head, cut.items];
    const opening = gzip ? compress(pieces) : measure(pieces);
    if (this.#openings.size >= MAX_KEPT) this.#openings.clear();
    this.#openings.set(id, opening);
    return opening;
  }

  #renderCapacity(bytes: number, request: ScanRequest): string {
    if ((request.ReturnConsumedCapacity ?? 'NONE') === 'NONE') return '';
    const blocks = Math.ceil(bytes / READ_UNIT_BYTES);
    const units = request.ConsistentRead === true ? blocks : blocks / 2;
    return `"ConsumedCapacity":{"CapacityUnits":${units.toFixed(1)},"TableName":"${this.#table.name}"},`;
  }
}

interface SegmentRange {
  readonly segment: number;
  readonly total: number;
  readonly first: number;
  readonly end: number;
}

function readStartKey(request: ScanRequest, range: SegmentRange): number {
  const key = request.ExclusiveStartKey;
  if (key === undefined) return range.first;
  const [total, segment, position] = (key.sk?.S ?? '').split('/').map(Number);
  if (
    total !== range.total ||
    segment !== range.segment ||
    position === undefined ||
    !(position > range.first && position < range.end)
  ) {
    throw new ValidationError(
      'The provided starting key is invalid: Exclusive start key must lie within the segment',
    );
  }
  return position;
}

function measure(pieces: readonly Buffer[]): Opening {
  const crc = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { pieces, sentCrc: crc, crc, length };
}

/** Deflates up to a byte boundary, so that each response only adds a stored block and the trailer of its own. */
function compress(pieces: readonly Buffer[]): Opening {
  const { crc, length } = measure(pieces);
  const deflated = deflateRawSync(Buffer.concat(pieces), {
    finishFlush: constants.Z_SYNC_FLUSH,
    level: 6,
  });
  const sent = Buffer.concat([GZIP_HEADER, deflated]);
  return { pieces: [sent], sentCrc: crc32(sent), crc, length };
}

interface Closing {
  readonly key: string | undefined;
  readonly next: number;
  readonly count: number;
  readonly scannedCount: number;
  readonly gzip: boolean;
}

function close(opening: Opening, closing: Closing): RenderedResponse {
  const { key, next, count, scannedCount, gzip } = closing;
  const startKey =
    key === undefined
      ? ''
      : `,"LastEvaluatedKey":{"pk":{"S":"user#${next - 1}"},"sk":{"S":"${key}"}}`;
  const text = Buffer.from(`]${startKey},"ScannedCount":${scannedCount}}`);
  const tail = gzip ? storeLastBlock(text, opening) : text;
  const bodyBytes = opening.pieces.reduce((sum, piece) => sum + piece.length, tail.length);
  // The floor runner does not look into bodies, so it finds its next key in a header.
  const extra = key === undefined ? '' : `x-bench-next-key: ${key}\r\n`;
  const head = renderHead(200, {
    bodyBytes,
    crc: crc32(tail, opening.sentCrc),
    extra: gzip ? `${extra}Content-Encoding: gzip\r\n` : extra,
  });
  return { pieces: [head, ...opening.pieces, tail], bodyBytes, itemCount: count };
}

function storeLastBlock(text: Buffer, opening: Opening): Buffer {
  const block = Buffer.alloc(5 + text.length + 8);
  block[0] = 1;
  block.writeUInt16LE(text.length, 1);
  block.writeUInt16LE(text.length ^ 0xffff, 3);
  text.copy(block, 5);
  block.writeUInt32LE(crc32(text, opening.crc), 5 + text.length);
  block.writeUInt32LE(opening.length + text.length, 9 + text.length);
  return block;
}

interface HeadFacts {
  readonly bodyBytes: number;
  readonly crc: number;
  readonly extra: string;
}

/** The head of a response as DynamoDB writes it. */
export function renderHead(status: number, { bodyBytes, crc, extra }: HeadFacts): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Bad Request'}\r\nServer: Server\r\n` +
      'Date: Sun, 22 Nov 2026 17:00:00 GMT\r\nContent-Type: application/x-amz-json-1.0\r\n' +
      `Content-Length: ${bodyBytes}\r\nConnection: keep-alive\r\n` +
      'x-amzn-RequestId: A5S95CP1HVGDH50T1VHMV6B2RNVV4KQNSO5AEMVJF66Q9ASUAAJG\r\n' +
      `x-amz-crc32: ${crc}\r\n${extra}\r\n`,
  );
}

/** A response with a small JSON body. */
export function renderJson(status: 200 | 400, body: object): RenderedResponse {
  const bytes = Buffer.from(JSON.stringify(body));
  const head = renderHead(status, { bodyBytes: bytes.length, crc: crc32(bytes), extra: '' });
  return { pieces: [head, bytes], bodyBytes: bytes.length, itemCount: 0 };
}
