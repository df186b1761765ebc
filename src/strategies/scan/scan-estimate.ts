import { bytesPerUnit, PAGE_BYTES } from '../../aws/dynamodb/read-units.ts';
import type { Bottleneck, ReadWay } from '../read-way.ts';
import { ScanProgress } from './scan-progress.ts';
import type { ScanSettings } from './scan-settings.ts';
import { MOST_OPEN_SEGMENTS } from './scan-strategy.ts';

const UNITS_PER_MILLION = 1_000_000;

// How long DynamoDB takes for a request, apart from transferring its bytes, and how fast it transfers them.
const REQUEST_SECONDS = 0.01;
const SEGMENT_BYTES_PER_SECOND = 24_000_000;
/** What a segment reads in a second at the most, by full pages, in bytes. */
export const FASTEST_SEGMENT_BYTES_PER_SECOND =
  PAGE_BYTES / (REQUEST_SECONDS + PAGE_BYTES / SEGMENT_BYTES_PER_SECOND);
/** What one process on one core can pass on, in bytes of items a second. */
export const CONNECTOR_BYTES_PER_SECOND = 250_000_000;

/**
 * Estimates scans from what DescribeTable says about the table. A later sync scans as much as the first one.
 *
 * Filters and projections are not considered, since they save no read units.
 *
 * @param pricePerMillion US dollars for a million read units.
 */
export function estimateScan(
  settings: ScanSettings,
  isConsistent: boolean,
  pricePerMillion: number,
): ReadWay {
  const readUnits = countUnits(settings, isConsistent);
  const cost = (readUnits / UNITS_PER_MILLION) * pricePerMillion;
  const { seconds, bottleneck } = estimateTime(settings, isConsistent);
  const sync = { readUnits, cost, seconds };
  const name = isConsistent ? 'Scan (strong)' : 'Scan (eventual)';
  return { name, first: sync, bottleneck, later: sync, standingCost: 0 };
}

/** The read units that a scan takes. */
export function countUnits({ sizeBytes }: ScanSettings, isConsistent: boolean): number {
  return Math.ceil(sizeBytes / bytesPerUnit(isConsistent));
}

function estimateTime(
  settings: ScanSettings,
  isConsistent: boolean,
): { seconds: number; bottleneck: Bottleneck } {
  let slowest: Bottleneck = 'connector';
  let slowestRate = CONNECTOR_BYTES_PER_SECOND;
  for (const [bottleneck, bytesPerSecond] of listRates(settings, isConsistent)) {
    if (bytesPerSecond >= slowestRate) continue;
    slowest = bottleneck;
    slowestRate = bytesPerSecond;
  }
  return { seconds: settings.sizeBytes / slowestRate, bottleneck: slowest };
}

function* listRates(
  settings: ScanSettings,
  isConsistent: boolean,
): Generator<readonly [Bottleneck, number]> {
  const { capacity, scope, totalSegments, unitsPerSecond } = settings;
  const unitBytes = bytesPerUnit(isConsistent);
  const segments = new ScanProgress(totalSegments, scope).openCount;
  const parallel = Math.min(MOST_OPEN_SEGMENTS, segments);
  yield ['segments', parallel * estimateSegmentRate(settings)];
  if (unitsPerSecond !== undefined) yield ['read budget', unitsPerSecond * unitBytes];
  const units = capacity.provisioned ?? capacity.onDemandMaximum ?? capacity.warm;
  // Slices are read at the same time, so they share the capacity.
  const share = 1 / (scope.slice?.count ?? 1);
  if (units !== undefined) yield ['read capacity', units * share * unitBytes];
}

function estimateSegmentRate({ pageSize, itemCount, sizeBytes }: ScanSettings): number {
  const itemBytes = itemCount === 0 ? 0 : sizeBytes / itemCount;
  const pageBytes =
    pageSize === undefined || itemBytes === 0
      ? PAGE_BYTES
      : Math.min(PAGE_BYTES, pageSize * itemBytes);
  return pageBytes / (REQUEST_SECONDS + pageBytes / SEGMENT_BYTES_PER_SECOND);
}
