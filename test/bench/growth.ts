import type { BenchOptions } from './options.ts';
import { ReplayServer } from './server-process.ts';
import { nameTable } from './table-name.ts';
import { renderTable } from './text-table.ts';
import { runOnce } from './throughput.ts';

/** The connector's cost for one size of one thing. */
export interface GrowthResult {
  readonly part: string;
  readonly size: number;
  readonly node: string;
  readonly records: number;
  readonly wallSeconds: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMebibytes: number;
}

/** What grows in a step, and how far it has got. */
interface Step {
  readonly part: string;
  readonly size: number;
  readonly tables: readonly [string, ...string[]];
  readonly records: number;
  readonly segments?: number;
  /** Tables that are read side by side. */
  readonly concurrentStreams?: number;
  readonly readBytesPerSecond?: number;
}

const ITEMS = [1e5, 1e6, 1e7];
const SEGMENTS = [1, 2, 4, 8, 16, 32, 64, 128];
const TABLES = [1, 10, 100, 1000];
const ITEMS_OF_A_SMALL_TABLE = 1000;
const SIDE_BY_SIDE = [1, 2, 4, 8, 16];
const TABLES_SIDE_BY_SIDE = 100;
/** What DynamoDB takes for a request at least, and is waited for with each small table. */
const DELAY_SIDE_BY_SIDE_MS = 30;
const WIDE_TABLES = 4;
const WIDE_SEGMENTS = 64;
/** MB/s that a slow destination takes; a read would otherwise fill memory at tens of times this rate. */
const SLOW_READERS = [100, 20];
const SLOW_ITEMS = [1e5, 1e6];

const PARTS: Readonly<Record<string, (records: number) => Step[]>> = {
  items: () =>
    ITEMS.map((records) => ({
      part: 'items',
      size: records,
      records,
      tables: [nameTable('mixed', records)],
    })),
  segments: (records) =>
    SEGMENTS.map((segments) => ({
      part: 'segments',
      size: segments,
      segments,
      records,
      tables: [nameTable('mixed', records)],
    })),
  tables: () => TABLES.map((count) => listSmallTables(count)),
  'side-by-side': () =>
    SIDE_BY_SIDE.map((concurrentStreams) => ({
      ...listSmallTables(TABLES_SIDE_BY_SIDE),
      part: `${TABLES_SIDE_BY_SIDE} tables, ${DELAY_SIDE_BY_SIDE_MS} ms a request, side by side`,
      size: concurrentStreams,
      concurrentStreams,
    })),
  wide: (records) => [
    {
      ...listTables(WIDE_TABLES, Math.ceil(records / WIDE_TABLES)),
      part: `${WIDE_TABLES} tables side by side, segments of each`,
      size: WIDE_SEGMENTS,
      segments: WIDE_SEGMENTS,
    },
  ],
  'slow-reader': () =>
    SLOW_READERS.flatMap((megabytes) =>
      SLOW_ITEMS.map((records) => ({
        part: `items, reader at ${megabytes} MB/s`,
        size: records,
        records,
        tables: [nameTable('mixed', records)],
        readBytesPerSecond: megabytes * 1e6,
      })),
    ),
};

/** Lets the connector read growing tasks, and prints what each took. */
export async function measureGrowth(
  options: BenchOptions,
  note: (text: string) => void,
): Promise<GrowthResult[]> {
  const results: GrowthResult[] = [];
  for (const part of options.growth) {
    const listSteps = PARTS[part];
    if (listSteps === undefined) throw new Error(`There is no growth part ${part}.`);
    await using server = await ReplayServer.start({
      delayMs: part === 'side-by-side' ? DELAY_SIDE_BY_SIDE_MS : 0,
      ...(options.certificate !== undefined && { certificate: options.certificate }),
    });
    await server.prepare('mixed');
    for (const step of listSteps(options.records)) {
      for (const node of options.nodes) {
        const result = await takeStep(options, { server, step, node });
        results.push(result);
        note(renderResult(result).join('  '));
      }
    }
  }
  process.stdout.write(renderTable(HEADINGS, results.map(renderResult)));
  return results;
}

function listSmallTables(count: number): Step {
  return listTables(count, ITEMS_OF_A_SMALL_TABLE);
}

function listTables(count: number, items: number): Step {
  const name = (copy: number): string => nameTable('mixed', items, copy);
  const others = Array.from({ length: count - 1 }, (_, copy) => name(copy + 1));
  return { part: 'tables', size: count, records: count * items, tables: [name(0), ...others] };
}

async function takeStep(
  options: BenchOptions,
  { server, step, node }: { server: ReplayServer; step: Step; node: string },
): Promise<GrowthResult> {
  const { part, size, tables, records, segments = options.segments, readBytesPerSecond = 0 } = step;
  const { concurrentStreams } = step;
  const target = {
    ...options,
    ...{ endpoint: server.endpoint, tables, node, segments },
    ...(concurrentStreams !== undefined && { concurrentStreams }),
  };
  const run = await runOnce({ server, runner: 'connector', target, records, readBytesPerSecond });
  return {
    part,
    size,
    node: options.versions.get(node) ?? node,
    records,
    wallSeconds: run.wallSeconds,
    cpuSecondsPerMillion: (run.cpuSeconds / records) * 1e6,
    peakMebibytes: run.peakBytes / 2 ** 20,
  };
}

const HEADINGS = [
  ...['what grows', 'to', 'node', 'records', 'seconds', 'records/s'],
  ...['CPU s per 1M', 'peak MiB'],
];

function renderResult(result: GrowthResult): string[] {
  return [
    result.part,
    result.size.toLocaleString('en'),
    result.node,
    result.records.toLocaleString('en'),
    result.wallSeconds.toFixed(2),
    Math.round(result.records / result.wallSeconds).toLocaleString('en'),
    result.cpuSecondsPerMillion.toFixed(2),
    result.peakMebibytes.toFixed(0),
  ];
}
