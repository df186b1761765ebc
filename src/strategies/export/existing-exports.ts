import { callPatiently, type Patience } from '../../aws/calls/patient-call.ts';
import type { FolderPage, S3Bucket } from '../../aws/s3/s3-bucket.ts';
import { ConfigError, isOfReason } from '../../errors.ts';
import { checkSummary, type ExportSummary, parseSummary } from './files/export-manifest.ts';
import { endOf } from './export-state.ts';
import { chooseNext } from './choose-next.ts';
import { readStartTime, renderTime } from './export-time.ts';
import type { ObjectReader } from './files/object-reader.ts';

const SUMMARY = 'manifest-summary.json';
// An export's id begins with the time of its start, in milliseconds.
const EXPORT_FOLDER = /\/(\d+)-[0-9a-f]+\/$/;
// A few at a time: buckets of many tables hold thousands of them.
const SUMMARIES_AT_A_TIME = 16;
// DynamoDB exports times in the past only, so an export that was started before the time up to which everything is read
// has nothing new. Clocks of AWS may differ by seconds; this is far more.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_IncrementalExportSpecification.html
const ID_MARGIN_MS = 60 * 60_000;

/** What existing exports are looked for with. */
export interface ExistingExportsInput {
  readonly bucket: S3Bucket;
  readonly reader: ObjectReader;
  readonly patience: Patience;
  /** Of the exports: `PREFIX/AWSDynamoDB/`. */
  readonly folder: string;
  readonly table: string;
  readonly tableArn: string;
}

/** What continues a table's exports. */
export interface Continuation {
  readonly summary?: ExportSummary;
  /** What the user should know. */
  readonly warning?: string;
}

/** Finds the exports of a table that lie in a bucket. */
export class ExistingExports {
  readonly #input: ExistingExportsInput;
  #summaries: Promise<readonly ExportSummary[]> | undefined;

  constructor(input: ExistingExportsInput) {
    this.#input = input;
  }

  /** The newest full export. @throws ConfigError when there is none, and ConnectorError. */
  async findFull(): Promise<ExportSummary> {
    const { bucket, folder, table, tableArn } = this.#input;
    const full = (await this.#list()).filter(({ scope }) => scope.kind === 'full');
    full.sort((a, b) => endOf(b.scope) - endOf(a.scope));
    const found = full.find(({ format }) => format === 'DYNAMODB_JSON') ?? full[0];
    if (found === undefined) {
      throw new ConfigError(
        `There is no full export of ${table} in s3://${bucket.name}/${folder}. Export the table to that place, or choose "Start new".`,
      );
    }
    checkSummary(found, tableArn);
    return found;
  }

  /** The full export with this summary. @throws as `findFull`. */
  async check(key: string): Promise<ExportSummary> {
    const { reader, table, tableArn } = this.#input;
    const summary = parseSummary(await reader.readText(key), key);
    checkSummary(summary, tableArn);
    if (summary.scope.kind === 'full') return summary;
    throw new ConfigError(
      `"export_manifest" of ${table} names an incremental export. Name the full export to begin with.`,
    );
  }

  /** Tries whether the bucket can be listed and read. @throws ConnectorError. */
  async tryBucket(): Promise<void> {
    const { reader, folder } = this.#input;
    await this.#listFolders(1);
    // Who may list the bucket is told of an object that does not exist; who may not read it, that access is denied.
    await reader.readText(`${folder}none`).catch((error: unknown) => {
      if (!isOfReason(error, 'nothing there')) throw error;
    });
  }

  /**
   * The incremental export that begins where everything is read, to the second.
   *
   * @param until milliseconds since 1970.
   * @throws ConfigError when one is missing in between, and ConnectorError.
   */
  async findNext(until: number): Promise<Continuation> {
    const { table, tableArn } = this.#input;
    const later = (await this.#list(until - ID_MARGIN_MS)).filter(
      ({ scope }) => endOf(scope) > until,
    );
    const windows = later.flatMap((summary) =>
      summary.scope.kind === 'incremental' ? [{ summary, ...summary.scope }] : [],
    );
    const next = chooseNext(windows, until);
    if (next !== undefined) {
      checkSummary(next.summary, tableArn);
      return {
        summary: next.summary,
        ...(next.from < until && { warning: describeOverlap(table, next.from, until) }),
      };
    }
    const behind = Math.min(...windows.map(({ from }) => from).filter((from) => from > until));
    if (behind < Infinity) throw createHoleError(table, until, behind);
    if (later.length === 0) return {};
    return {
      warning: `${table}: there are newer exports, but no incremental one that begins at ${renderTime(until)}, where everything is read. Make one, or clear the stream to begin with the newest full export.`,
    };
  }

  /**
   * Those of the table, read once.
   *
   * @param since exports that were started before may be left out, in milliseconds since 1970. It only grows.
   */
  #list(since = -Infinity): Promise<readonly ExportSummary[]> {
    this.#summaries ??= this.#readAll(since);
    return this.#summaries;
  }

  async #readAll(since: number): Promise<readonly ExportSummary[]> {
    const folders = (await this.#listFolders()).filter((name) => readStartTime(name) >= since);
    const summaries: ExportSummary[] = [];
    for (let index = 0; index < folders.length; index += SUMMARIES_AT_A_TIME) {
      const some = folders.slice(index, index + SUMMARIES_AT_A_TIME);
      for (const summary of await Promise.all(some.map((folder) => this.#read(folder)))) {
        if (summary?.tableArn === this.#input.tableArn) summaries.push(summary);
      }
    }
    return summaries;
  }

  /** Undefined for an export that has not ended. */
  async #read(folder: string): Promise<ExportSummary | undefined> {
    const key = `${folder}${SUMMARY}`;
    try {
      return parseSummary(await this.#input.reader.readText(key), key);
    } catch (error) {
      if (isOfReason(error, 'nothing there')) return undefined;
      throw error;
    }
  }

  async #listFolders(mostPages = Infinity): Promise<readonly string[]> {
    const { bucket, patience, folder } = this.#input;
    const call = { action: 's3:ListBucket', resource: `s3://${bucket.name}/${folder}` };
    const folders: string[] = [];
    let page: FolderPage | undefined;
    let pages = 0;
    do {
      const token = page?.nextToken;
      page = await callPatiently(bucket, call, patience, () =>
        bucket.listFolders(folder, patience.signal, token),
      );
      folders.push(...page.folders.filter((name) => EXPORT_FOLDER.test(name)));
    } while (page.nextToken !== undefined && ++pages < mostPages);
    return folders;
  }
}

function createHoleError(table: string, until: number, from: number): ConfigError {
  return new ConfigError(
    `The incremental exports of ${table} have a hole: everything is read until ${renderTime(until)}, and the next one begins at ${renderTime(from)}. Export what is missing in between, or clear the stream to begin with the newest full export.`,
  );
}

function describeOverlap(table: string, from: number, until: number): string {
  return `${table}: an incremental export begins at ${renderTime(from)}, some milliseconds before the end of the one before it, ${renderTime(until)}. An item that was made in that time, and deleted later in the same export, stays in the destination. Make full exports as of whole seconds to avoid that.`;
}
