import type { TableSize } from '../../aws/dynamodb/tables.ts';
import { EXPORT_PRICE_PER_GIB, LEAST_EXPORTED_BYTES, RECOVERY_PRICE_PER_GIB } from '../prices.ts';
import { assumeChanges, type ReadWay } from '../read-way.ts';

const GIB = 1024 ** 3;
/** What DynamoDB takes for the export of a small table; one of three items was seen to take that long. */
export const EXPORT_SECONDS = 5 * 60;
/** What DynamoDB is taken to export in a second beyond that: 10 GB a minute. */
export const EXPORT_BYTES_PER_SECOND = 10_000_000_000 / 60;
// Of items; two cores inflate and transcode about that much.
const READING_BYTES_PER_SECOND = 150_000_000;

/** How exports are read. */
export interface ExportEstimateInput extends TableSize {
  /** Whether exports are started, or lie there already, so that nothing is paid for them. */
  readonly isNew: boolean;
  /** How many connections share the reading. */
  readonly slices?: number;
}

/** Estimates a full export and incremental ones, and the reading of them. */
export function estimateExport({ isNew, slices = 1, ...size }: ExportEstimateInput): ReadWay {
  const changedBytes = assumeChanges(size).sizeBytes;
  const estimateSync = (bytes: number, billedBytes: number) => ({
    readUnits: 0,
    cost: isNew ? (billedBytes / GIB) * EXPORT_PRICE_PER_GIB : 0,
    seconds:
      bytes / slices / READING_BYTES_PER_SECOND +
      (isNew ? EXPORT_SECONDS + bytes / EXPORT_BYTES_PER_SECOND : 0),
  });
  return {
    name: 'Export',
    first: estimateSync(size.sizeBytes, size.sizeBytes),
    bottleneck: isNew ? 'export' : 'connector',
    later: estimateSync(changedBytes, Math.max(changedBytes, LEAST_EXPORTED_BYTES)),
    standingCost: isNew ? (size.sizeBytes / GIB) * RECOVERY_PRICE_PER_GIB : 0,
  };
}
