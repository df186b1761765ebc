import {
  estimateTogether,
  findCheapest,
  isKnown,
  type TableEstimate,
} from '../source/compare-ways.ts';
import { costAMonth, type ReadWay } from '../strategies/read-way.ts';
import { formatBytes, formatCount, formatDuration } from '../text/figures.ts';
import { alignColumns } from '../text/text-table.ts';
import { wrapText } from '../text/wrap-text.ts';
import { listNotes } from './estimate-notes.ts';

// What fits next to each other on a terminal of the usual width.
const WIDTH = 100;
const HEADINGS = ['', 'first: units', 'USD', 'time', 'later: USD/month', 'time', 'needs'];
const MS_PER_SECOND = 1000;
// Less than a cent still tells tables apart.
const MOST_COST_DIGITS = 4;
const LEAST_COST = 0.0001;

/** What a report is made from. */
export interface EstimateReport {
  readonly estimates: readonly TableEstimate[];
  /** US dollars for a million read units of any table, if the user said so. */
  readonly pricePerMillion?: number;
  /** Tables that are read side by side. */
  readonly concurrency: number;
}

/** Describes the estimates for people: for each table what it takes in each way, and what that rests on. */
export function describeEstimates(report: EstimateReport): string {
  const { estimates, pricePerMillion } = report;
  const rows = estimates.map((estimate) => (isKnown(estimate) ? listRows(estimate) : []));
  // Aligned together, so that tables can be compared.
  const lines = alignColumns([HEADINGS, ...rows.flat()]);
  let next = 1;
  const tables = estimates.map((estimate, index) => {
    const start = next;
    next += rows[index]?.length ?? 0;
    if (next === start) return [`${nameOf(estimate)}: not known`];
    const own = [lines[0] ?? '', ...lines.slice(start, next)];
    return [describeTitle(estimate), ...own, ...wrapText(describeCheapest(estimate), WIDTH)];
  });
  const total = estimates.length > 1 ? [wrapText(describeTotal(report), WIDTH)] : [];
  const notes = [...listNotes(estimates, pricePerMillion)].flatMap((note) => wrapText(note, WIDTH));
  const blocks = [...tables, ...total, notes].map((block) => block.join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** The sum of a figure of each item. */
export function sum<Item>(items: readonly Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

/** `orders: 1,000 items, 1.0 MB, on-demand, limited by segments` */
function describeTitle(estimate: TableEstimate): string {
  const { itemCount, sizeBytes, isProvisioned, configured } = estimate;
  const facts = [
    `${formatCount(itemCount)} items`,
    formatBytes(sizeBytes),
    isProvisioned ? 'provisioned' : 'on-demand',
    ...(estimate.isInfrequentAccess ? ['infrequent access'] : []),
    `limited by ${configured.bottleneck}`,
  ];
  return `${nameOf(estimate)}: ${facts.join(', ')}`;
}

function listRows({ ways, configured }: TableEstimate): readonly (readonly string[])[] {
  return ways.map((way) => [
    `${way.name === configured.name ? '*' : ' '} ${way.name}`,
    formatCount(way.first.readUnits),
    formatCost(way.first.cost),
    describeSeconds(way.first.seconds),
    formatCost(costAMonth(way)),
    describeSeconds(way.later.seconds),
    way.needs ?? '',
  ]);
}

/** The first sync and the later ones are of one replication method, so both are named. */
function describeCheapest(estimate: TableEstimate): string {
  const { first, later, laterNow } = findCheapest(estimate);
  const until = later.needs === undefined ? '' : `, until then by ${laterNow.name}`;
  const scanOption =
    estimate.scanOption !== undefined && estimate.configured.name.startsWith('Scan')
      ? ` Other ways do not know "${estimate.scanOption}".`
      : '';
  return `Cheapest: the first sync by ${describeWay(first)}; later ones by ${describeWay(later)}${until}.${scanOption}`;
}

function describeWay({ name, needs }: ReadWay): string {
  return needs === undefined ? name : `${name}, once there is ${NEEDS[needs]}`;
}

const NEEDS = { 'change stream': 'a change stream', recovery: 'point-in-time recovery' } as const;

function describeTotal({ estimates, concurrency }: EstimateReport): string {
  const items = sum(estimates, ({ itemCount }) => itemCount);
  const bytes = sum(estimates, ({ sizeBytes }) => sizeBytes);
  const units = sum(estimates, ({ configured }) => configured.first.readUnits);
  const cost = sum(estimates, ({ configured }) => configured.first.cost);
  const time = describeSeconds(estimateTogether(estimates, concurrency));
  const month = sum(estimates, ({ configured }) => costAMonth(configured));
  return `All, as configured: ${formatCount(items)} items, ${formatBytes(bytes)}; the first sync ${formatCount(units)} read units, ${formatCost(cost)} USD, ${time}; later ones ${formatCost(month)} USD a month.`;
}

function nameOf({ table, indexName }: TableEstimate): string {
  return indexName === undefined ? table : `${table}/${indexName}`;
}

function describeSeconds(seconds: number): string {
  return formatDuration(seconds * MS_PER_SECOND);
}

/** An amount in a column: `1.01`, `0.0036`, `<0.0001`. */
function formatCost(dollars: number): string {
  if (dollars > 0 && dollars < LEAST_COST) return `<${LEAST_COST}`;
  return dollars.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: dollars < 1 ? MOST_COST_DIGITS : 2,
  });
}
