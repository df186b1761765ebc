import { formatBytes, formatCount, formatDuration } from '../text/figures.ts';
import {
  estimateTogether,
  EXPORT_PRICE_PER_GIB,
  plannedCost,
  plannedUnits,
  type ScanEstimate,
} from '../strategies/scan/scan-estimate.ts';
import { alignColumns } from '../text/text-table.ts';

const HEADINGS = [
  'table',
  'items',
  'size',
  'units strong',
  'eventual',
  'USD strong',
  'eventual',
  'export',
  'time',
  'limited by',
];
const MS_PER_SECOND = 1000;
// Less than a cent still tells tables apart.
const MOST_COST_DIGITS = 4;
const LEAST_COST = 0.0001;
const CENT = 0.01;

/** What a report is made from. */
export interface EstimateReport {
  readonly estimates: readonly ScanEstimate[];
  /** US dollars for a million read units. */
  readonly pricePerMillion: number;
  /** Tables that are read side by side. */
  readonly concurrency: number;
}

/** Describes the estimates for people: a table, and notes on it. */
export function describeEstimates(report: EstimateReport): string {
  const { estimates, pricePerMillion } = report;
  const rows = estimates.map((estimate) => describeRow(estimate));
  if (estimates.length > 1) rows.push(describeTotal(report));
  const notes = [...listNotes(estimates, pricePerMillion)];
  return [...alignColumns([HEADINGS, ...rows]), '', ...notes, ''].join('\n');
}

/** Describes the estimates for programs. Costs are in US dollars; `time_seconds` is null if the size is not known. */
export function toEstimateJson({ estimates, pricePerMillion, concurrency }: EstimateReport) {
  return {
    price_per_million_read_units: pricePerMillion,
    tables: estimates.map((estimate) => ({
      table: estimate.table,
      ...(estimate.indexName !== undefined && { index: estimate.indexName }),
      is_size_known: isKnown(estimate),
      items: estimate.items,
      bytes: estimate.bytes,
      consistent_read: estimate.isConsistent,
      capacity_mode: estimate.isProvisioned ? 'provisioned' : 'on-demand',
      read_units: {
        planned: plannedUnits(estimate),
        strong: estimate.strongUnits,
        eventual: estimate.eventualUnits,
      },
      cost_usd: {
        planned: plannedCost(estimate),
        strong: estimate.strongCost,
        eventual: estimate.eventualCost,
        export: estimate.exportCost ?? null,
      },
      time_seconds: isKnown(estimate) ? estimate.seconds : null,
      held_up_by: isKnown(estimate) ? estimate.bottleneck : null,
      cheapest: isKnown(estimate) ? findCheapest(estimate) : null,
    })),
    total: {
      items: sum(estimates, ({ items }) => items),
      bytes: sum(estimates, ({ bytes }) => bytes),
      read_units: sum(estimates, plannedUnits),
      cost_usd: sum(estimates, plannedCost),
      time_seconds: estimateTogether(estimates, concurrency),
    },
  };
}

function describeRow(estimate: ScanEstimate): readonly string[] {
  const { table, indexName, isConsistent } = estimate;
  const name = indexName === undefined ? table : `${table}/${indexName}`;
  if (!isKnown(estimate)) return [name, 'not known', ...HEADINGS.slice(2).map(() => '')];
  const isScan = estimate.plannedExportCost === undefined;
  const mark = (text: string, isPlanned: boolean): string => (isPlanned ? `*${text}` : text);
  return [
    name,
    formatCount(estimate.items),
    formatBytes(estimate.bytes),
    mark(formatCount(estimate.strongUnits), isScan && isConsistent),
    mark(formatCount(estimate.eventualUnits), isScan && !isConsistent),
    mark(formatCost(estimate.strongCost), isScan && isConsistent),
    mark(formatCost(estimate.eventualCost), isScan && !isConsistent),
    describeExport(estimate),
    formatDuration(estimate.seconds * MS_PER_SECOND),
    estimate.bottleneck,
  ];
}

/** Of a new export; where the one lies there that is read, nothing is paid for it. */
function describeExport({ exportCost, plannedExportCost }: ScanEstimate): string {
  if (plannedExportCost !== undefined) return `*${formatCost(plannedExportCost)}`;
  return exportCost === undefined ? '' : formatCost(exportCost);
}

function describeTotal({ estimates, concurrency }: EstimateReport): readonly string[] {
  return [
    'all, as configured',
    formatCount(sum(estimates, ({ items }) => items)),
    formatBytes(sum(estimates, ({ bytes }) => bytes)),
    `*${formatCount(sum(estimates, plannedUnits))}`,
    '',
    `*${formatCost(sum(estimates, plannedCost))}`,
    '',
    '',
    formatDuration(estimateTogether(estimates, concurrency) * MS_PER_SECOND),
    '',
  ];
}

function* listNotes(
  estimates: readonly ScanEstimate[],
  pricePerMillion: number,
): Generator<string> {
  yield `* As configured. ${pricePerMillion} USD for a million read units (--price-per-million), ${EXPORT_PRICE_PER_GIB} USD for an exported GiB.`;
  yield 'DynamoDB counts items and bytes about every six hours.';
  const unknown = estimates.filter((estimate) => !isKnown(estimate));
  if (unknown.length > 0) {
    yield `Not known: ${listNames(unknown)}. A table shows 0 items when it is empty, and for up to six hours when it is new.`;
  }
  const provisioned = estimates.filter(({ isProvisioned }) => isProvisioned);
  if (provisioned.length > 0) {
    yield `Provisioned: ${listNames(provisioned)}. Idle capacity is already paid for, so a scan that uses nothing else (see the read budget) costs nothing extra.`;
  }
  const known = estimates.filter((estimate) => isKnown(estimate) && !estimate.isProvisioned);
  const scanned = known.filter(({ plannedExportCost: cost }) => cost === undefined);
  const strong = scanned.filter(({ isConsistent }) => isConsistent);
  if (strong.length > 0) {
    const saved = sum(strong, (estimate) => estimate.strongCost - estimate.eventualCost);
    yield `Cheaper: "consistent_read": false would save ${describeSaving(saved)}.`;
  }
  // Nobody sets up an export to save less than a cent.
  const exported = scanned.filter(
    (estimate) => findCheapest(estimate) === 'export' && plannedCost(estimate) >= CENT,
  );
  if (exported.length > 0) {
    yield `Cheaper as an export to S3: ${listNames(exported)}. It takes no read units, but needs point-in-time recovery.`;
  }
  yield* listExportNotes(known);
}

function* listExportNotes(known: readonly ScanEstimate[]): Generator<string> {
  const exported = known.filter(({ plannedExportCost: cost }) => cost !== undefined);
  if (exported.length === 0) return;
  yield `Exports: ${listNames(exported)}. The first sync exports all of a table. Later ones export what has changed, for ${EXPORT_PRICE_PER_GIB} USD per GiB of changes and 10 MB at least. An export is taken to last five minutes; that of a large table lasts for hours.`;
  const dear = exported.filter((estimate) => plannedCost(estimate) - estimate.eventualCost >= CENT);
  if (dear.length > 0) yield `Cheaper as an eventually consistent scan: ${listNames(dear)}.`;
}

/** The way of reading that costs least; on provisioned tables, the one that uses the least capacity. */
function findCheapest({ isProvisioned, ...costs }: ScanEstimate): 'eventual' | 'export' {
  if (isProvisioned || costs.exportCost === undefined) return 'eventual';
  return costs.exportCost < costs.eventualCost ? 'export' : 'eventual';
}

function isKnown({ items, bytes }: ScanEstimate): boolean {
  return items > 0 || bytes > 0;
}

function listNames(estimates: readonly ScanEstimate[]): string {
  return estimates.map(({ table }) => table).join(', ');
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

/** An amount in a sentence. */
function describeSaving(dollars: number): string {
  return dollars < CENT ? 'less than a cent' : `${formatCost(dollars)} USD`;
}

/** An amount in a column: `1.01`, `0.0036`, `<0.0001`. */
function formatCost(dollars: number): string {
  if (dollars > 0 && dollars < LEAST_COST) return `<${LEAST_COST}`;
  return dollars.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: dollars < 1 ? MOST_COST_DIGITS : 2,
  });
}
