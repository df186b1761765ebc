import { EXPORT_PRICE_PER_GIB, type ScanEstimate } from '../scan/scan-estimate.ts';
import type { ExportSettings } from './export-plan.ts';

const GIB = 1024 ** 3;
// What DynamoDB takes for the export of a small table.
const EXPORT_SECONDS = 5 * 60;
// Of items; two cores inflate and transcode about that much.
const READING_BYTES_PER_SECOND = 150_000_000;

/** Estimates a full export, and the reading of it, from what a scan of the table would cost. Slices share it. */
export function estimateExport(
  { sizeBytes, source, slice }: ExportSettings,
  scan: ScanEstimate,
): ScanEstimate {
  const exportCost = (sizeBytes / GIB) * EXPORT_PRICE_PER_GIB;
  const isNew = source === 'new';
  const bytesRead = sizeBytes / (slice?.count ?? 1);
  return {
    ...scan,
    exportCost,
    plannedExportCost: isNew ? exportCost : 0,
    seconds: bytesRead / READING_BYTES_PER_SECOND + (isNew ? EXPORT_SECONDS : 0),
    bottleneck: isNew ? 'export' : 'connector',
  };
}
