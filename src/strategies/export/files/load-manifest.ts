import type { DescribedExport, ExportScope } from '../../../aws/dynamodb/exports.ts';
import type { ScanSlice } from '../../../config/config.ts';
import { ConfigError, isOfReason } from '../../../errors.ts';
import { isMissing } from './export-files.ts';
import {
  type DataFile,
  describeScope,
  type ExportSummary,
  parseFiles,
  parseSummary,
} from './export-manifest.ts';
import type { ExportSettings } from '../export-plan.ts';
import type { ObjectReader } from './object-reader.ts';

const FILES = 'manifest-files.json';
const OF_SUMMARY = /\/?[^/]+\/[^/]+$/;

/** Reads the summary of an export. @throws ConnectorError. */
export async function loadSummary(reader: ObjectReader, key: string): Promise<ExportSummary> {
  return parseSummary(await reader.readText(key), key);
}

/** Reads the list of an export's files, which lies beside the summary where the export was copied. @throws ConnectorError. */
export async function loadFiles(
  reader: ObjectReader,
  summary: ExportSummary,
): Promise<readonly DataFile[]> {
  const { key, manifestFilesKey } = summary;
  try {
    return parseFiles(await reader.readText(manifestFilesKey), manifestFilesKey, summary);
  } catch (error) {
    const beside = `${key.slice(0, key.lastIndexOf('/') + 1)}${FILES}`;
    if (beside === manifestFilesKey || !isMissing(error)) throw error;
    return parseFiles(await reader.readText(beside), beside, summary);
  }
}

/** Whether an export that has ended is still in the bucket, as its summary shows; true for one that is under way. */
export async function isInBucket(
  reader: ObjectReader,
  { status, manifest, prefix, arn }: DescribedExport,
): Promise<boolean> {
  if (status !== 'COMPLETED') return true;
  try {
    await reader.readText(manifest ?? guessManifest(prefix, arn));
    return true;
  } catch (error) {
    if (isOfReason(error, 'nothing there')) return false;
    throw error;
  }
}

/** What is to be done about an object of an export that is not in the bucket; any other error as it is. */
export function explainGone(error: unknown, table: string, scope: ExportScope): unknown {
  if (!isOfReason(error, 'nothing there')) return error;
  return new ConfigError(
    `${error.message} It belongs to the export of ${table} ${describeScope(scope)}: put it back, or clear the stream to read it again from its beginning.`,
    { cause: error },
  );
}

/** The files that a slice reads: every one by turns. */
export function shareOut(
  files: readonly DataFile[],
  slice: ScanSlice | undefined,
): readonly DataFile[] {
  return slice === undefined
    ? files
    : files.filter((_, index) => index % slice.count === slice.index);
}

/** Where a completed export's summary is, by its ARN. */
export function guessManifest(prefix: string, arn: string): string {
  return `${rootFolder(prefix)}${arn.slice(arn.lastIndexOf('/') + 1)}/manifest-summary.json`;
}

/** The folder of all exports: that of the config, or that around the export that the config names. */
export function folderOf({ place, manifest }: ExportSettings): string {
  if (manifest === undefined) return rootFolder(place.prefix);
  const folder = manifest.replace(OF_SUMMARY, '');
  return folder === '' ? '' : `${folder}/`;
}

function rootFolder(prefix: string): string {
  return `${prefix === '' ? '' : `${prefix}/`}AWSDynamoDB/`;
}
