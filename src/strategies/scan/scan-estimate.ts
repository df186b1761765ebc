import {
  BYTES_PER_EVENTUAL_UNIT,
  BYTES_PER_STRONG_UNIT,
  bytesPerUnit,
  PAGE_BYTES,
} from '../../aws/dynamodb/read-units.ts';
import { ScanProgress } from './scan-progress.ts';
import type { ScanSettings } from './scan-settings.ts';
import { MOST_OPEN_SEGMENTS } from './scan-strategy.ts';

/**
 * US dollars for a million read units of an on-demand table of the standard class in us-east-1.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const DEFAULT_PRICE_PER_MILLION = 0.125;

/**
 * US dollars for a full export of a GiB to S3 in us-east-1.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ (Data export to Amazon S3)
 */
export const EXPORT_PRICE_PER_GIB = 0.1;

const GIB = 1024 ** 3;
const UNITS_PER_MILLION = 1_000_000;

// How long DynamoDB takes for a request, apart from transferring its bytes, and how fast it transfers them.
const REQUEST_SECONDS = 0.01;
const SEGMENT_BYTES_PER_SECOND = 24_000_000;
// What one process on one core can pass on.
const CONNECTOR_BYTES_PER_SECOND = 250_000_000;

/** What limits the speed of a read. */
export type Bottleneck = 'segments' | 'read budget' | 'read capacity' | 'connector' | 'export';

/** What reading one table by a scan will cost. Money is in US dollars. */
export interface ScanEstimate {
  readonly table: string;
  readonly indexName?: string;
  /** DynamoDB refreshes both about every six hours. If they are 0, nothing is known, and nothing else is meaningful. */
  readonly items: number;
  readonly bytes: number;
  readonly strongUnits: number;
  readonly eventualUnits: number;
  readonly isConsistent: boolean;
  /** Whether the table has provisioned capacity, which is paid for whether it is used or not. */
  readonly isProvisioned: boolean;
  readonly strongCost: number;
  readonly eventualCost: number;
  /** Only for whole tables; an export needs point-in-time recovery. */
  readonly exportCost?: number;
  /** What the export costs that the config has read instead of a scan: nothing where it lies there already. */
  readonly plannedExportCost?: number;
  readonly seconds: number;
  readonly bottleneck: Bottleneck;
  /** Sentences about what the user may not expect. */
  readonly remarks: readonly string[];
}

/**
 * Estimates a scan from what DescribeTable says about the table.
 *
 * Filters and projections are not considered, since they save no read units.
 *
 * @param pricePerMillion US dollars for a million read units.
 */
export function estimateScan(
  table: string,
  settings: ScanSettings,
  pricePerMillion: number,
): ScanEstimate {
  const { itemCount, sizeBytes, target, scope, capacity } = settings;
  const strongUnits = Math.ceil(sizeBytes / BYTES_PER_STRONG_UNIT);
  const eventualUnits = Math.ceil(sizeBytes / BYTES_PER_EVENTUAL_UNIT);
  const price = (units: number): number => (units / UNITS_PER_MILLION) * pricePerMillion;
  const isWholeTable = scope.index_name === undefined && scope.slice === undefined;
  return {
    table,
    ...(scope.index_name !== undefined && { indexName: scope.index_name }),
    items: itemCount,
    bytes: sizeBytes,
    strongUnits,
    eventualUnits,
    isConsistent: target.consistentRead,
    isProvisioned: capacity.provisioned !== undefined,
    strongCost: price(strongUnits),
    eventualCost: price(eventualUnits),
    ...(isWholeTable && { exportCost: (sizeBytes / GIB) * EXPORT_PRICE_PER_GIB }),
    remarks: settings.remarks,
    ...estimateTime(settings),
  };
}

/**
 * Estimates the seconds that several tables take if `concurrency` of them are read side by side, each next one as soon
 * as one has ended. They share what the connector can pass on.
 */
export function estimateTogether(estimates: readonly ScanEstimate[], concurrency: number): number {
  const lanes = Array.from({ length: concurrency }, () => 0);
  for (const { seconds } of estimates) {
    const next = lanes.indexOf(Math.min(...lanes));
    lanes[next] = (lanes[next] ?? 0) + seconds;
  }
  const bytes = estimates.reduce((sum, estimate) => sum + estimate.bytes, 0);
  return Math.max(...lanes, bytes / CONNECTOR_BYTES_PER_SECOND);
}

/** The read units that the scan will use as it is configured. */
export function plannedUnits(estimate: ScanEstimate): number {
  if (estimate.plannedExportCost !== undefined) return 0;
  return estimate.isConsistent ? estimate.strongUnits : estimate.eventualUnits;
}

/** What the scan will cost as it is configured, as if its read units were bought for it. */
export function plannedCost(estimate: ScanEstimate): number {
  if (estimate.plannedExportCost !== undefined) return estimate.plannedExportCost;
  return estimate.isConsistent ? estimate.strongCost : estimate.eventualCost;
}

function estimateTime(settings: ScanSettings): { seconds: number; bottleneck: Bottleneck } {
  const { sizeBytes } = settings;
  let slowest: Bottleneck = 'connector';
  let slowestRate = CONNECTOR_BYTES_PER_SECOND;
  for (const [bottleneck, bytesPerSecond] of listRates(settings)) {
    if (bytesPerSecond >= slowestRate) continue;
    slowest = bottleneck;
    slowestRate = bytesPerSecond;
  }
  return { seconds: sizeBytes / slowestRate, bottleneck: slowest };
}

function* listRates(settings: ScanSettings): Generator<readonly [Bottleneck, number]> {
  const { target, capacity, scope, totalSegments, unitsPerSecond } = settings;
  const unitBytes = bytesPerUnit(target.consistentRead);
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
