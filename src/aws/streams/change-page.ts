import { TransientError } from '../../errors.ts';
import { isJsonObject } from '../../json/json-object.ts';
import { type ByteSpan, JsonScanner, knowNames, ScanError } from '../../json/json-scanner.ts';
import type { PageBuffer } from '../calls/page-buffer.ts';
import { sendMended } from '../calls/send-mended.ts';
import { compactJson } from '../dynamodb/compact-json.ts';
import { type ChangeRecordList, CompactRecords, type NotedRecord } from './change-records.ts';
import type { StreamsConnection } from './streams-connection.ts';

/** One answer of GetRecords, its items still bytes. */
export interface ChangePage {
  /** Holds the items; whoever has the page releases it. */
  readonly buffer: PageBuffer;
  readonly records: ChangeRecordList;
  /** Seconds since 1970 of the latest of them; 0 without any. */
  readonly latestSecond: number;
  /** Absent at the end of the shard. */
  readonly nextIterator?: string;
}

/** Where an answer is put; the page is valid until it is used for another. */
export interface ChangeSpace {
  readonly buffer: PageBuffer;
  readonly records: CompactRecords;
}

/** One GetRecords request. */
export interface ChangeRequest {
  readonly iterator: string;
  /** Entries at most; none means up to 1,000 or 1 MB. */
  readonly limit?: number;
}

const QUOTE = 0x22;
const NOTHING: ByteSpan = { start: 0, end: 0 };
// Deletes of DynamoDB's own carry it. Replicas of global tables lack it.
const TTL_SERVICE = 'dynamodb.amazonaws.com';
// Later times, or milliseconds in their place, would become numbers of changes that are no longer exact.
const LATEST_SECOND = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000);

// In the order in which AWS writes them most often; those that nothing is read of are among them.
const NAMES = knowNames([
  ...[
    'eventID',
    'eventName',
    'eventVersion',
    'eventSource',
    'awsRegion',
    'dynamodb',
    'userIdentity',
  ],
  ...['ApproximateCreationDateTime', 'Keys', 'NewImage', 'OldImage', 'SequenceNumber', 'SizeBytes'],
  ...['StreamViewType', 'Records', 'NextShardIterator'],
]);

/**
 * Asks for the entries behind an iterator, once.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
 * @throws what DataCalls throws, or a TransientError for a body that is no answer to GetRecords.
 */
export async function fetchChanges(
  connection: StreamsConnection,
  { iterator, limit }: ChangeRequest,
  { buffer, records }: ChangeSpace,
  signal: AbortSignal,
): Promise<ChangePage> {
  const body = JSON.stringify({ ShardIterator: iterator, Limit: limit });
  await sendMended(connection, () => connection.changes.send('', body, buffer, { signal }));
  return cutOutChanges({ buffer, records });
}

/**
 * Finds the entries in an answer of GetRecords without parsing their items.
 *
 * @throws TransientError for a body that is no such answer.
 */
export function cutOutChanges(space: ChangeSpace): ChangePage {
  const { buffer } = space;
  try {
    return readAnswer(space);
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
  }
  // Some servers put blanks between the tokens, as DynamoDB does not.
  const compact = compactJson(buffer.body);
  buffer.start(compact.length);
  buffer.append(compact);
  try {
    return readAnswer(space);
  } catch (error) {
    if (error instanceof ScanError) throw createNoPage('is not one of DynamoDB Streams');
    throw error;
  }
}

function readAnswer({ buffer, records }: ChangeSpace): ChangePage {
  const bytes = buffer.body;
  const scanner = new JsonScanner(bytes, NAMES);
  records.begin(bytes);
  let lists = 0;
  let latestSecond = 0;
  let nextIterator: unknown;
  scanner.readObject((name) => {
    if (name === 'Records') {
      lists++;
      scanner.readList(() => {
        const record = readRecord(scanner, bytes);
        latestSecond = Math.max(latestSecond, record.createdAt);
        records.add(record);
      });
    } else if (name === 'NextShardIterator') nextIterator = scanner.readValue();
    else scanner.skipValue();
  });
  scanner.expectEnd();
  if (lists === 0) throw createNoPage('holds no Records');
  return {
    ...{ buffer, records, latestSecond },
    ...(typeof nextIterator === 'string' && { nextIterator }),
  };
}

function readRecord(scanner: JsonScanner, bytes: Buffer): NotedRecord {
  let eventName: unknown;
  let isTtl = false;
  let change: Change = {};
  scanner.readObject((name) => {
    if (name === 'dynamodb') change = readChange(scanner);
    else if (name === 'eventName') eventName = scanner.readValue();
    else if (name === 'userIdentity') isTtl = isOfTtl(scanner.readValue());
    else scanner.skipValue();
  });
  const { sequenceNumber, createdAt, keys, newImage = NOTHING, oldImage = NOTHING } = change;
  if (sequenceNumber === undefined || !isText(bytes, sequenceNumber)) {
    throw createNoPage('has an entry without its SequenceNumber');
  }
  if (!isTime(createdAt)) {
    throw createNoPage('has an entry without a valid ApproximateCreationDateTime');
  }
  if (keys === undefined) throw createNoPage('has an entry without its Keys');
  const isDelete = isDeletion(eventName, newImage);
  if (!isDelete && newImage === NOTHING) throw createNoPage('has a put without its NewImage');
  return {
    isDelete,
    isTtl: isDelete && isTtl,
    createdAt: Math.floor(createdAt),
    sequenceNumber,
    keys,
    newImage,
    oldImage,
  };
}

/** Whether a value is a text of at least one character. */
function isText(bytes: Buffer, { start, end }: ByteSpan): boolean {
  return bytes[start] === QUOTE && end - start > 2;
}

function isTime(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= LATEST_SECOND;
}

/** The `dynamodb` of an entry, of which nothing is certain. */
interface Change {
  sequenceNumber?: ByteSpan;
  createdAt?: unknown;
  keys?: ByteSpan | undefined;
  newImage?: ByteSpan | undefined;
  oldImage?: ByteSpan | undefined;
}

function readChange(scanner: JsonScanner): Change {
  const change: Change = {};
  scanner.readObject((name) => {
    if (name === 'Keys') change.keys = scanner.skipObject();
    else if (name === 'NewImage') change.newImage = scanner.skipObject();
    else if (name === 'OldImage') change.oldImage = scanner.skipObject();
    else if (name === 'SequenceNumber') change.sequenceNumber = scanner.skipValue();
    else if (name === 'ApproximateCreationDateTime') change.createdAt = scanner.readValue();
    else scanner.skipValue();
  });
  return change;
}

/** What is neither of the names that AWS documents is judged by what is left of the item. */
function isDeletion(eventName: unknown, newImage: ByteSpan): boolean {
  if (eventName === 'REMOVE') return true;
  if (eventName === 'INSERT' || eventName === 'MODIFY') return false;
  return newImage === NOTHING;
}

function isOfTtl(identity: unknown): boolean {
  if (!isJsonObject(identity)) return false;
  const { PrincipalId, principalId, Type, type } = identity;
  return (Type ?? type) === 'Service' && (PrincipalId ?? principalId) === TTL_SERVICE;
}

/** Something on the way answered in the place of DynamoDB Streams, or cut its answer. */
function createNoPage(fault: string): TransientError {
  return new TransientError(
    `The answer to dynamodb:GetRecords ${fault}. Check the proxies and gateways on the way, and try again.`,
    { reason: 'damaged' },
  );
}
