import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Change, Item } from './table-history.ts';

/** The objects of a bucket by their keys. */
export type Bucket = Map<string, Buffer>;

/** A data file that is to be written, by its lines. */
export interface FileOfLines {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What an export is written from. */
export interface ExportToWrite {
  readonly prefix: string;
  readonly bucket: string;
  /** As `01715685260608-c488b4e1`. */
  readonly id: string;
  readonly tableArn: string;
  /** Milliseconds since 1970. */
  readonly scope:
    | { readonly kind: 'full'; readonly time: number }
    | { readonly kind: 'incremental'; readonly from: number; readonly to: number };
  readonly startTime: number;
  readonly files: readonly FileOfLines[];
  /** Compressed members a file; one by default. */
  readonly members?: number;
}

/** The line of an item in a full export. */
export function fullLine(item: Item): string {
  return JSON.stringify({ Item: item });
}

/** The line of a key in an incremental export. */
export function changeLine({ key, writtenAt, old, new: image }: Change): string {
  return JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: String(writtenAt) } },
    Keys: { pk: { S: key } },
    ...(old !== undefined && { OldImage: old }),
    ...(image !== undefined && { NewImage: image }),
  });
}

/**
 * Writes an export as DynamoDB lays it out, and returns the key of its summary.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function writeExport(objects: Bucket, exported: ExportToWrite): string {
  const { prefix, id, scope } = exported;
  const root = `${prefix === '' ? '' : `${prefix}/`}AWSDynamoDB`;
  const folder = `${root}/${id}`;
  const data = scope.kind === 'full' ? `${folder}/data` : `${root}/data`;
  objects.set(`${folder}/_started`, Buffer.alloc(0));
  const listed = exported.files.map(({ name, lines }) => {
    const key = `${data}/${name}.json.gz`;
    const body = compress(lines, exported.members ?? 1);
    objects.set(key, body);
    return listFile(key, body, lines.length);
  });
  const files = `${folder}/manifest-files.json`;
  const summary = `${folder}/manifest-summary.json`;
  putWithSum(objects, files, listed.map((line) => `${JSON.stringify(line)}\n`).join(''));
  putWithSum(objects, summary, `${JSON.stringify(summarise(exported, files))}\n`);
  return summary;
}

/** An entry of `manifest-files.json`. */
export function listFile(key: string, body: Buffer, itemCount: number): object {
  const md5Checksum = createHash('md5').update(body).digest('base64');
  return { itemCount, md5Checksum, etag: etagOf(body), dataFileS3Key: key };
}

/** The ETag of an object that was uploaded in one part, as DynamoDB uploads data files: not its MD5. */
export function etagOf(body: Buffer): string {
  const part = createHash('md5').update(body).digest();
  return `${createHash('md5').update(part).digest('hex')}-1`;
}

function compress(lines: readonly string[], members: number): Buffer {
  const size = Math.max(1, Math.ceil(lines.length / members));
  const parts = Array.from({ length: members }, (_, index) =>
    lines.slice(index * size, (index + 1) * size),
  );
  return Buffer.concat(parts.map((part) => gzipSync(part.map((line) => `${line}\n`).join(''))));
}

function summarise(exported: ExportToWrite, manifestFilesS3Key: string): object {
  const { scope, tableArn, id, startTime, bucket, prefix, files } = exported;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const isFull = scope.kind === 'full';
  return {
    version: isFull ? '2020-06-30' : '2023-08-01',
    exportArn: `${tableArn}/export/${id}`,
    startTime: iso(startTime),
    endTime: iso(startTime + 306_261),
    tableArn,
    tableId: '11991185-e7ab-4da5-8bab-03f0db0b7bfd',
    ...(isFull
      ? { exportTime: iso(scope.time) }
      : { exportFromTime: iso(scope.from), exportToTime: iso(scope.to) }),
    s3Bucket: bucket,
    s3Prefix: prefix === '' ? null : prefix,
    s3SseAlgorithm: 'AES256',
    s3SseKmsKeyId: null,
    manifestFilesS3Key,
    billedSizeBytes: 19,
    itemCount: files.reduce((sum, { lines }) => sum + lines.length, 0),
    outputFormat: 'DYNAMODB_JSON',
    ...(!isFull && { outputView: 'NEW_AND_OLD_IMAGES', exportType: 'INCREMENTAL_EXPORT' }),
  };
}

function putWithSum(objects: Bucket, key: string, text: string): void {
  const body = Buffer.from(text);
  objects.set(key, body);
  const sum = createHash('md5').update(body).digest('base64');
  objects.set(key.replace(/\.json$/, '.md5'), Buffer.from(sum));
}
