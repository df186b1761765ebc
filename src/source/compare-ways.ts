import type { Table, TableSize } from '../aws/dynamodb/tables.ts';
import { chooseScan } from '../config/choose-scan.ts';
import type { Config, ScanConfig } from '../config/config.ts';
import { estimateExport } from '../strategies/export/export-estimate.ts';
import { findReadPrice, isInfrequentAccess, type Prices } from '../strategies/prices.ts';
import { costAMonth, type ReadWay } from '../strategies/read-way.ts';
import type { ConfiguredWay } from '../strategies/replication-method.ts';
import { CONNECTOR_BYTES_PER_SECOND, estimateScan } from '../strategies/scan/scan-estimate.ts';
import { resolveTableScan } from '../strategies/scan/scan-method.ts';
import { estimateChanges } from '../strategies/streams/stream-estimate.ts';

const CENT = 0.01;

/** What reading a table takes, in each way that there is for it. The size is that of what a scan reads. */
export interface TableEstimate extends TableSize {
  readonly table: string;
  /** The index that is scanned instead of the table. */
  readonly indexName?: string;
  readonly isProvisioned: boolean;
  readonly isInfrequentAccess: boolean;
  /** US dollars for a million of its read units. */
  readonly readPrice: number;
  readonly ways: readonly ReadWay[];
  readonly configured: ReadWay;
  /** The option of the config because of which the table can only be scanned. */
  readonly scanOption?: string;
  readonly remarks: readonly string[];
}

/** The ways that cost least. */
export interface CheapestWays {
  readonly first: ReadWay;
  readonly later: ReadWay;
  /** Of those for which the table lacks nothing. */
  readonly laterNow: ReadWay;
}

/** What is compared. */
export interface ComparisonInput {
  readonly config: Config;
  readonly table: Table;
  readonly prices: Prices;
  readonly configured: ConfiguredWay;
}

/** Compares the ways to read a table. The one that is configured stands as it is configured. */
export function compareWays(input: ComparisonInput): TableEstimate {
  const { config, table, prices, configured } = input;
  const { itemCount, sizeBytes, capacity, scope } = resolveTableScan(config, table);
  const scanOption = findScanOption(chooseScan(config, table.name));
  const ways = [...listScans(input), ...(scanOption === undefined ? listOthers(input) : [])];
  const { way } = configured;
  const isListed = ways.some(({ name }) => name === way.name);
  return {
    table: table.name,
    ...(scope.index_name !== undefined && { indexName: scope.index_name }),
    ...{ itemCount, sizeBytes, isProvisioned: capacity.provisioned !== undefined },
    isInfrequentAccess: isInfrequentAccess(table),
    readPrice: findReadPrice(table, prices),
    ways: isListed ? ways.map((other) => (other.name === way.name ? way : other)) : [...ways, way],
    configured: way,
    ...(scanOption !== undefined && { scanOption }),
    remarks: configured.remarks,
  };
}

/** Finds the ways that cost least. Nobody sets anything up to save less than a cent, so such a way is not named. */
export function findCheapest(estimate: TableEstimate): CheapestWays {
  const first = compareBy(estimate, ({ first: sync }) => sync.cost);
  const later = compareBy(estimate, costAMonth);
  return { first: first.best, later: later.best, laterNow: later.now };
}

/** Of ways that cost the same, the first one is the simplest. */
function compareBy({ ways, configured }: TableEstimate, cost: (way: ReadWay) => number) {
  const find = (candidates: readonly ReadWay[]): ReadWay =>
    candidates.reduce(
      (best, way) => (cost(way) < cost(best) ? way : best),
      candidates[0] ?? configured,
    );
  const now = find(ways.filter(({ needs }) => needs === undefined));
  const cheapest = find(ways);
  return { now, best: cost(now) - cost(cheapest) < CENT ? now : cheapest };
}

/** Whether anything is known: DynamoDB counts about every six hours, and shows 0 before. */
export function isKnown({ itemCount, sizeBytes }: TableSize): boolean {
  return itemCount > 0 || sizeBytes > 0;
}

/**
 * Estimates the seconds that the first syncs of several tables take if `concurrency` of them are read side by side,
 * each next one as soon as one has ended. They share what the connector can pass on.
 */
export function estimateTogether(estimates: readonly TableEstimate[], concurrency: number): number {
  const lanes = Array.from({ length: concurrency }, () => 0);
  for (const { configured } of estimates) {
    const next = lanes.indexOf(Math.min(...lanes));
    lanes[next] = (lanes[next] ?? 0) + configured.first.seconds;
  }
  const bytes = estimates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return Math.max(...lanes, bytes / CONNECTOR_BYTES_PER_SECOND);
}

/** A global index cannot be read strongly consistent. */
function listScans({ config, table, prices }: ComparisonInput): readonly ReadWay[] {
  const settings = resolveTableScan(config, table);
  const price = findReadPrice(table, prices);
  const index = table.indexes.find(({ name }) => name === settings.scope.index_name);
  const strengths = index?.isGlobal === true ? [false] : [true, false];
  return strengths.map((isConsistent) => estimateScan(settings, isConsistent, price));
}

function listOthers(input: ComparisonInput): readonly ReadWay[] {
  const { itemCount, sizeBytes } = input.table;
  return [
    estimateChanges(input.table, listScans(input)[0]),
    { ...estimateExport({ itemCount, sizeBytes, isNew: true }), needs: 'recovery' },
  ];
}

/** Options that change streams and exports do not have, since both tell of every item as a whole. */
function findScanOption({ indexName, filter, slice }: ScanConfig): string | undefined {
  if (indexName !== undefined) return 'index_name';
  if (filter !== undefined) return 'filter_expression';
  return slice === undefined ? undefined : 'slice';
}
