import type { ExportScope } from '../../../aws/dynamodb/exports.ts';
import { ConfigError } from '../../../errors.ts';
import { isJsonObject, type JsonObject } from '../../../json/json-object.ts';
import { parseJson } from '../../../json/parse-json.ts';
import { parseTime, renderTime } from '../export-time.ts';

/** What `manifest-summary.json` says. */
export interface ExportSummary {
  /** Where it was found. */
  readonly key: string;
  readonly exportArn: string;
  readonly tableArn: string;
  readonly scope: ExportScope;
  /** `DYNAMODB_JSON`, or else `ION`. */
  readonly format: string;
  readonly manifestFilesKey: string;
  readonly itemCount: number;
}

/** What a line of `manifest-files.json` says. */
export interface DataFile {
  readonly key: string;
  /** What states call it. */
  readonly name: string;
  readonly itemCount: number;
  /** Base64, of the object as it is stored. */
  readonly md5: string;
  /** Of the object as DynamoDB stored it; another one after it was copied. */
  readonly etag: string;
}

/**
 * Reads `manifest-summary.json`.
 *
 * @param key where it was found, for the error.
 * @throws ConfigError for what is no summary of an export.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function parseSummary(text: string, key: string): ExportSummary {
  const members = parseObject(text, key, 'a summary of an export');
  const scope = readScope(members);
  const { exportArn, tableArn, manifestFilesS3Key, itemCount, outputFormat } = members;
  if (
    scope === undefined ||
    typeof exportArn !== 'string' ||
    typeof tableArn !== 'string' ||
    typeof manifestFilesS3Key !== 'string' ||
    !isCount(itemCount)
  ) {
    throw noManifest(key, 'a summary of an export');
  }
  return {
    ...{ key, exportArn, tableArn, scope, itemCount, manifestFilesKey: manifestFilesS3Key },
    format: typeof outputFormat === 'string' ? outputFormat : 'DYNAMODB_JSON',
  };
}

/**
 * Reads `manifest-files.json`, a line of JSON for each data file.
 *
 * @throws ConfigError for what is no list of files, names one twice, or does not add up to the items of the summary.
 */
export function parseFiles(text: string, key: string, { itemCount }: ExportSummary) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const files = lines.map((line) => parseFile(line, key));
  const names = new Set(files.map(({ name }) => name));
  if (names.size < files.length) {
    throw new ConfigError(
      `The manifest ${key} names a data file twice. It is not as DynamoDB wrote it: make the export again.`,
    );
  }
  const sum = files.reduce((total, file) => total + file.itemCount, 0);
  if (sum !== itemCount) {
    throw new ConfigError(
      `The manifest ${key} lists files of ${sum} items together, but the summary of the export says ${itemCount}. It is not as DynamoDB wrote it: make the export again.`,
    );
  }
  return files;
}

/**
 * Checks that an export is one of the table that can be read.
 *
 * @throws ConfigError.
 */
export function checkSummary({ key, tableArn, format }: ExportSummary, expectedArn: string): void {
  if (format !== 'DYNAMODB_JSON') {
    throw new ConfigError(
      `The export ${key} is in the format ${format}, which this source does not read. Export the table as DYNAMODB_JSON.`,
    );
  }
  if (tableArn === expectedArn) return;
  throw new ConfigError(
    `The export ${key} is of the table ${tableArn}, not of ${expectedArn}. Check "s3_prefix" and "export_manifest".`,
  );
}

/** Checks that an export is of the time that was asked for. @throws ConfigError. */
export function checkScope({ key, scope }: ExportSummary, expected: ExportScope): void {
  if (isSameScope(scope, expected)) return;
  throw new ConfigError(
    `The export ${key} is ${describeScope(scope)}, but one ${describeScope(expected)} was expected. It is not as DynamoDB wrote it: make the export again.`,
  );
}

/** Whether both are of the same moment, or window. */
export function isSameScope(a: ExportScope | undefined, b: ExportScope): boolean {
  if (a?.kind === 'full' && b.kind === 'full') return a.time === b.time;
  return (
    a?.kind === 'incremental' && b.kind === 'incremental' && a.from === b.from && a.to === b.to
  );
}

/** `as of 2026-11-26T12:00:00Z`, or `from … to …`. */
export function describeScope(scope: ExportScope): string {
  return scope.kind === 'full'
    ? `as of ${renderTime(scope.time)}`
    : `from ${renderTime(scope.from)} to ${renderTime(scope.to)}`;
}

function readScope(members: JsonObject): ExportScope | undefined {
  if (members.exportType === 'INCREMENTAL_EXPORT') {
    const from = parseTime(members.exportFromTime);
    const to = parseTime(members.exportToTime);
    if (from === undefined || to === undefined || from >= to) return undefined;
    return { kind: 'incremental', from, to };
  }
  // Summaries of full exports may name no type.
  const time = parseTime(members.exportTime);
  return time === undefined ? undefined : { kind: 'full', time };
}

function parseFile(line: string, key: string): DataFile {
  const { itemCount, md5Checksum, etag, dataFileS3Key } = parseObject(line, key, 'a list of files');
  if (
    !isCount(itemCount) ||
    typeof md5Checksum !== 'string' ||
    typeof dataFileS3Key !== 'string' ||
    dataFileS3Key === ''
  ) {
    throw noManifest(key, 'a list of files');
  }
  return {
    ...{ key: dataFileS3Key, name: nameFile(dataFileS3Key), itemCount, md5: md5Checksum },
    etag: typeof etag === 'string' ? etag : '',
  };
}

/** `uimbi7eofu2b5kzkxe63gsvb6i` of `PREFIX/AWSDynamoDB/ID/data/uimbi7eofu2b5kzkxe63gsvb6i.json.gz`. */
function nameFile(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.json\.gz$/, '');
}

function parseObject(text: string, key: string, what: string): JsonObject {
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  throw noManifest(key, what);
}

function noManifest(key: string, what: string): ConfigError {
  return new ConfigError(
    `The object ${key} is not ${what} as DynamoDB writes it. Make the export again, or name another one.`,
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
