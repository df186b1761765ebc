import { isUtf8 } from 'node:buffer';
import { SystemError, TransientError } from '../../errors.ts';
import { isJsonObject } from '../../json/json-object.ts';
import { parseJson } from '../../json/parse-json.ts';
import { isStartKey, type RawItem } from './attribute-value.ts';
import { compactJson } from './compact-json.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { sendMended } from '../calls/send-mended.ts';
import type { PageBuffer } from '../calls/page-buffer.ts';

/** One Scan request. */
export interface ScanRequest {
  /** Name or ARN. */
  readonly table: string;
  readonly segment: number;
  readonly totalSegments: number;
  readonly consistentRead: boolean;
  /** Whether the server is asked to compress the response. */
  readonly isCompressed?: boolean;
  /** The largest number of items to evaluate; none means a full 1 MB page. */
  readonly limit?: number;
  readonly exclusiveStartKey?: RawItem;
  /** A secondary index to scan instead of the table. */
  readonly indexName?: string;
  readonly filterExpression?: string;
  readonly projectionExpression?: string;
  readonly expressionAttributeNames?: Readonly<Record<string, string>>;
  /** Values in DynamoDB JSON. */
  readonly expressionAttributeValues?: RawItem;
}

/** One response of Scan, its items still bytes. */
export interface ScanPage {
  /** Contains the items; whoever holds the page releases it. */
  readonly buffer: PageBuffer;
  /** Index of the `[` of `Items` in the buffer. */
  readonly itemsStart: number;
  /** Index of the matching `]`. */
  readonly itemsEnd: number;
  readonly lastEvaluatedKey?: RawItem;
  /** Read units that the page cost; absent if the server does not say. */
  readonly consumedReadUnits?: number;
  /** How many items the page has, by the server's count; absent if it does not say. */
  readonly count?: number;
  /** Items that the page evaluated, before a filter; absent if the server does not say. */
  readonly scannedCount?: number;
}

/** The answer without its items; nothing about it has been checked yet. */
interface ScanResponseRest {
  readonly LastEvaluatedKey?: unknown;
  readonly ConsumedCapacity?: { readonly CapacityUnits?: unknown } | null;
  readonly Count?: unknown;
  readonly ScannedCount?: unknown;
}

const ITEMS = Buffer.from('"Items":[');
const COMMA = 0x2c;
// A start key has at most 3 KB, and each of its names at most 255 bytes; JSON may need six bytes for one.
const LONGEST_REST_BYTES = 64 * 1024;
const CLOSING_BRACKET = 0x5d;

/**
 * Requests one page, once.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
 * @throws what DataCalls throws, a TransientError for a body that is not a Scan response, or a SystemError for an
 * impossible one.
 */
export async function fetchScanPage(
  connection: DynamoDbConnection,
  request: ScanRequest,
  pageBuffer: PageBuffer,
  abortSignal: AbortSignal,
): Promise<ScanPage> {
  const body = JSON.stringify({
    TableName: request.table,
    Segment: request.segment,
    TotalSegments: request.totalSegments,
    ConsistentRead: request.consistentRead,
    ReturnConsumedCapacity: 'TOTAL',
    Limit: request.limit,
    ExclusiveStartKey: request.exclusiveStartKey,
    IndexName: request.indexName,
    FilterExpression: request.filterExpression,
    ProjectionExpression: request.projectionExpression,
    ExpressionAttributeNames: request.expressionAttributeNames,
    ExpressionAttributeValues: request.expressionAttributeValues,
  });
  const options = { signal: abortSignal, isCompressed: request.isCompressed };
  await sendMended(connection, () =>
    connection.scans.send(request.table, body, pageBuffer, options),
  );
  const page = cutOutItems(pageBuffer);
  // A page without items may end where it began; if one with items did so, it would be read again for ever.
  const isStuck = page.itemsEnd > page.itemsStart + 1 && isSameKey(page, request);
  if (isStuck) {
    throw new SystemError(
      'The answer to dynamodb:Scan ends at the key that it was supposed to start after.',
    );
  }
  return page;
}

function isSameKey({ lastEvaluatedKey }: ScanPage, { exclusiveStartKey }: ScanRequest): boolean {
  if (lastEvaluatedKey === undefined || exclusiveStartKey === undefined) return false;
  return JSON.stringify(lastEvaluatedKey) === JSON.stringify(exclusiveStartKey);
}

/**
 * Finds `Items` in a Scan response without parsing them, and parses the rest.
 *
 * `"Items":[` occurs nowhere else: quotes inside strings are escaped, and an attribute's value is an object. The end of
 * the array is searched for backwards: it is the last `]` that leaves valid JSON when the items are cut out. The start
 * key may contain a `]`, but never one that is followed by an unescaped member name.
 */
export function cutOutItems(buffer: PageBuffer): ScanPage {
  if (buffer.body.indexOf(ITEMS) < 0) compactBody(buffer);
  const { body } = buffer;
  const itemsAt = body.indexOf(ITEMS);
  if (itemsAt < 0) throw createNoPage('contains no Items');
  const itemsStart = itemsAt + ITEMS.length - 1;
  let itemsEnd = body.lastIndexOf(CLOSING_BRACKET);
  while (itemsEnd > itemsStart && body.length - itemsEnd <= LONGEST_REST_BYTES) {
    const rest = parseRest(body, itemsAt, itemsEnd);
    if (rest !== undefined) return toScanPage(buffer, itemsStart, itemsEnd, rest);
    itemsEnd = body.lastIndexOf(CLOSING_BRACKET, itemsEnd - 1);
  }
  throw createNoPage('is cut off');
}

/** An error for an answer that came from something else than DynamoDB, or that was cut off in between. */
function createNoPage(fault: string): TransientError {
  return new TransientError(
    `The answer to dynamodb:Scan ${fault}. Check any proxies and gateways in between, and try again.`,
    { reason: 'damaged' },
  );
}

/** Unlike DynamoDB, some servers put blanks between the tokens, which the transcoder does not accept. */
function compactBody(buffer: PageBuffer): void {
  const compact = compactJson(buffer.body);
  buffer.start(compact.length);
  buffer.append(compact);
}

function parseRest(body: Buffer, itemsAt: number, itemsEnd: number): ScanResponseRest | undefined {
  const hasMore = body[itemsEnd + 1] === COMMA;
  const start = body.subarray(0, itemsAt);
  const end = body.subarray(itemsEnd + (hasMore ? 2 : 1));
  if (!isUtf8(start) || !isUtf8(end)) return undefined;
  const before = start.toString();
  const text = (hasMore ? before : before.replace(/,$/, '')) + end.toString();
  try {
    const rest = parseJson(text);
    return isJsonObject(rest) ? rest : undefined;
  } catch {
    return undefined;
  }
}

function toScanPage(
  buffer: PageBuffer,
  itemsStart: number,
  itemsEnd: number,
  rest: ScanResponseRest,
): ScanPage {
  const lastEvaluatedKey = readKey(rest.LastEvaluatedKey);
  const consumedReadUnits = readNumber(rest.ConsumedCapacity?.CapacityUnits);
  const count = readCount(rest.Count);
  const scannedCount = readNumber(rest.ScannedCount);
  return {
    buffer,
    itemsStart,
    itemsEnd,
    ...(lastEvaluatedKey !== undefined && { lastEvaluatedKey }),
    ...(consumedReadUnits !== undefined && { consumedReadUnits }),
    ...(count !== undefined && { count }),
    ...(scannedCount !== undefined && { scannedCount }),
  };
}

/** A value that is not a key must neither be taken for the end of the table nor get into a state. */
function readKey(value: unknown): RawItem | undefined {
  if (value === undefined || value === null) return undefined;
  if (isStartKey(value)) return value;
  throw new SystemError('The answer to dynamodb:Scan has a LastEvaluatedKey that is not a key.');
}

/** A value that is not a number would leave the items uncounted. */
function readCount(value: unknown): number | undefined {
  if (value === undefined || typeof value === 'number') return value;
  throw new SystemError('The answer to dynamodb:Scan has a Count that is not a number.');
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
