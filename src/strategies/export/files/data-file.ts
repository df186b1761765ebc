import { createHash } from 'node:crypto';
import type { PageBuffer } from '../../../aws/calls/page-buffer.ts';
import type { PageLoans } from '../../../aws/calls/page-loans.ts';
import { ConfigError, type ConnectorError, SystemError } from '../../../errors.ts';
import { formatCount } from '../../../text/figures.ts';
import type { DataFile } from './export-manifest.ts';
import { GzipError } from '../inflate/gzip-error.ts';
import { CHUNK_BYTES } from '../inflate/inflate-messages.ts';
import { InflatedFile } from '../inflate/inflated-file.ts';
import type { Inflater } from '../inflate/inflater.ts';
import { LineError, type LineCutter, readLines } from './line-reader.ts';
import type { OpenObject } from './object-reader.ts';

const LINE_END = 0x0a;
const NOTHING: Buffer = Buffer.alloc(0);

/** A stretch of whole lines of a data file, cut into items. */
export interface FilePage {
  readonly buffer: PageBuffer;
  readonly runs: LineCutter['runs'];
  /** Items of the page. */
  readonly count: number;
  /** Items of the file up to the end of the page. */
  readonly itemsDone: number;
  /** The lines, for a failure. */
  readonly lines: Buffer;
  /** Items of the file before those lines. */
  readonly itemsBefore: number;
}

/** What a data file is read with. */
export interface DataFileInput {
  readonly file: DataFile;
  /** Opens the object that holds it. */
  readonly open: () => Promise<OpenObject>;
  readonly inflater: Inflater;
  readonly loans: PageLoans;
  /** Makes what cuts the lines of one page. */
  readonly openCutter: () => LineCutter;
  /** Items at the beginning that are not wanted. */
  readonly skipped: number;
  /** Bytes of lines that a page has at least, but for the last one. */
  readonly pageBytes: number;
  readonly signal: AbortSignal;
}

/**
 * The items of a data file, page by page. An object that is another one than DynamoDB stored, as its ETag shows, is hashed
 * before any of its items is passed on; every one is hashed while it is read. It ends only when count and hash are right.
 *
 * @throws ConfigError for what is not as the manifest says, and what ObjectReader throws.
 */
export async function* readDataFile(input: DataFileInput): AsyncGenerator<FilePage> {
  const { file } = input;
  const object = await openVerified(input);
  try {
    const inflated = new InflatedFile(input.inflater, object);
    let itemsDone = 0;
    for await (const page of cutPages(input, inflated.readChunks(input.pageBytes))) {
      ({ itemsDone } = page);
      yield page;
    }
    checkHash(file, inflated.md5);
    if (itemsDone !== file.itemCount) throw createCountError(file, itemsDone);
  } catch (error) {
    throw error instanceof GzipError ? createGzipError(file, error) : error;
  } finally {
    await object.close();
  }
}

/** Opens the object; one that has another ETag than DynamoDB stored is read and hashed before. */
async function openVerified({ file, open }: DataFileInput): Promise<OpenObject> {
  const object = await open();
  if (object.etag === file.etag) return object;
  try {
    await verify(file, object);
  } finally {
    await object.close();
  }
  return open();
}

async function verify(file: DataFile, object: OpenObject): Promise<void> {
  const hash = createHash('md5');
  for await (const part of object.readParts()) hash.update(part);
  checkHash(file, hash.digest('base64'));
}

/** Pages of whole lines; a longer line makes a longer page. */
async function* cutPages(
  { file, loans, openCutter, skipped, pageBytes, signal }: DataFileInput,
  chunks: AsyncGenerator<Buffer>,
): AsyncGenerator<FilePage> {
  let rest = NOTHING;
  let itemsDone = 0;
  try {
    for (let isAtEnd = false; !isAtEnd;) {
      // Asked for before a buffer is borrowed, so that nobody waits for a buffer that waits for the network.
      const first = await chunks.next();
      const page = await loans.fill(signal, (buffer) =>
        fillPage(buffer, { pageBytes, rest, first, chunks }),
      );
      ({ rest, isAtEnd } = page);
      const unwanted = Math.max(0, skipped - itemsDone);
      const { runs, count } = cutLines(file, page.lines, openCutter(), { itemsDone, unwanted });
      const { buffer, lines } = page;
      const itemsBefore = itemsDone;
      itemsDone += count;
      yield { buffer, lines, runs, count: Math.max(0, count - unwanted), itemsBefore, itemsDone };
    }
  } finally {
    await chunks.return(undefined);
  }
}

interface FilledPage {
  readonly buffer: PageBuffer;
  /** Whole lines. */
  readonly lines: Buffer;
  /** What is behind them, copied. */
  readonly rest: Buffer;
  readonly isAtEnd: boolean;
}

interface PageSource {
  readonly pageBytes: number;
  /** What is left of the page before. */
  readonly rest: Buffer;
  readonly first: IteratorResult<Buffer, unknown>;
  /** Behind the first one. */
  readonly chunks: AsyncIterator<Buffer>;
}

async function fillPage(
  buffer: PageBuffer,
  { pageBytes, rest, first, chunks }: PageSource,
): Promise<FilledPage> {
  // The last chunk goes beyond it.
  buffer.start(rest.length + pageBytes + CHUNK_BYTES);
  buffer.append(rest);
  let next = first;
  let end = 0;
  for (;;) {
    if (next.done === true) {
      const { body } = buffer;
      return { buffer, lines: body, rest: NOTHING, isAtEnd: true };
    }
    buffer.append(next.value);
    const lineEnd = next.value.lastIndexOf(LINE_END);
    if (lineEnd >= 0) end = buffer.body.length - next.value.length + lineEnd + 1;
    if (end > 0 && buffer.body.length >= pageBytes) break;
    next = await chunks.next();
  }
  const { body } = buffer;
  return {
    buffer,
    lines: body.subarray(0, end),
    rest: Buffer.from(body.subarray(end)),
    isAtEnd: false,
  };
}

function cutLines(
  file: DataFile,
  lines: Buffer,
  cutter: LineCutter,
  { itemsDone, unwanted }: { readonly itemsDone: number; readonly unwanted: number },
): { readonly runs: LineCutter['runs']; readonly count: number } {
  try {
    const count = readLines(lines, cutter, unwanted);
    return { runs: cutter.runs, count };
  } catch (error) {
    throw error instanceof LineError ? createLineError(file, itemsDone + error.line + 1) : error;
  }
}

/** Makes of a failure to transcode a page an error that names the line, or the lines that it is among. */
export function explainFault(
  file: DataFile,
  page: FilePage,
  error: ConnectorError,
): ConnectorError {
  if (!(error instanceof SystemError)) return error;
  const { lines, itemsBefore, itemsDone } = page;
  const texts = lines
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const bad = texts.findIndex((line) => !isJson(line));
  if (bad >= 0) return createLineError(file, itemsBefore + bad + 1);
  return new ConfigError(
    `A line from ${formatCount(itemsBefore + 1)} to ${formatCount(itemsDone)} of the file ${file.key} has an item that is not in DynamoDB JSON (${error.message}). The file is not as DynamoDB wrote it: make the export again, and leave its files alone.`,
    { cause: error },
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An error for a line of a data file that holds no item as exports do. */
function createLineError({ key }: DataFile, line: number): ConfigError {
  return new ConfigError(
    `Line ${formatCount(line)} of the file ${key} is not a line of an export in DynamoDB JSON. The file is not as DynamoDB wrote it: make the export again, and leave its files alone.`,
  );
}

function createGzipError({ key }: DataFile, { message }: GzipError): ConfigError {
  return new ConfigError(
    `The file ${key} of the export cannot be decompressed (${message}). It is not as DynamoDB wrote it: make the export again, and leave its files alone.`,
  );
}

function checkHash({ key, md5 }: DataFile, actual = ''): void {
  if (actual === md5) return;
  throw new ConfigError(
    `The file ${key} of the export has the MD5 ${actual}, but its manifest says ${md5}. It is not as DynamoDB wrote it: make the export again, and leave its files alone.`,
  );
}

function createCountError({ key, itemCount }: DataFile, actual: number): ConfigError {
  return new ConfigError(
    `The file ${key} of the export has ${formatCount(actual)} items, but its manifest says ${formatCount(itemCount)}. It is not as DynamoDB wrote it: make the export again, and leave its files alone.`,
  );
}
