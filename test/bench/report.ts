import type { BenchOptions } from './options.ts';
import { RUNNER_TITLES, type RunnerName } from './runners.ts';
import { SHAPES, type ShapeName } from './shapes.ts';
import { median } from './statistics.ts';
import { renderTable } from './text-table.ts';
import type { RunSeries } from './throughput.ts';

/** One row of the results; medians of the rounds. */
export interface Summary {
  readonly shape: ShapeName;
  readonly runner: RunnerName;
  /** What it ran under: a Node's version, or `python`. */
  readonly node: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** Response bodies, in MB (10⁶ bytes) a second. */
  readonly megabytesPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMebibytes: number;
  /** How many times less CPU a record takes than the plain SDK way under the same Node. */
  readonly timesLessCpuThanSdk: number | undefined;
  /** Records per second as a share of the floor's under the same Node. */
  readonly shareOfFloor: number | undefined;
}

/** Sums up each series; `versions` maps the paths of Nodes to their versions. */
export function summarise(
  series: readonly RunSeries[],
  versions: ReadonlyMap<string, string>,
): Summary[] {
  const bare = series.map((entry) => summariseOne(entry, versions.get(entry.node) ?? entry.node));
  return bare.map((row) => {
    const sdk = findPeer(bare, row, 'sdk');
    const floor = findPeer(bare, row, 'floor');
    return {
      ...row,
      timesLessCpuThanSdk: sdk && sdk.cpuSecondsPerMillion / row.cpuSecondsPerMillion,
      shareOfFloor: floor && row.recordsPerSecond / floor.recordsPerSecond,
    };
  });
}

function summariseOne(series: RunSeries, node: string): Summary {
  const { shape, runner, records, runs } = series;
  return {
    shape,
    runner,
    node,
    records,
    recordsPerSecond: records / median(runs.map((run) => run.wallSeconds)),
    megabytesPerSecond: median(runs.map((run) => run.server.bodyBytes / run.wallSeconds / 1e6)),
    cpuSecondsPerMillion: (median(runs.map((run) => run.cpuSeconds)) / records) * 1e6,
    peakMebibytes: Math.max(...runs.map((run) => run.peakBytes)) / 2 ** 20,
    timesLessCpuThanSdk: undefined,
    shareOfFloor: undefined,
  };
}

/** The row of `runner` to compare with: of the same Node where it ran under one, else of the first. */
function findPeer(rows: readonly Summary[], row: Summary, runner: RunnerName): Summary | undefined {
  const peers = rows.filter((peer) => peer.shape === row.shape && peer.runner === runner);
  return peers.find((peer) => peer.node === row.node) ?? peers[0];
}

/** The results as a table. */
export function renderSummaries(summaries: readonly Summary[]): string {
  const headings = [
    ...['items', 'reader', 'runtime', 'records', 'records/s', 'MB/s'],
    ...['CPU s per 1M', 'peak MiB', 'CPU: SDK ÷ this', 'rate ÷ floor'],
  ];
  const rows = summaries.map((row) => [
    SHAPES[row.shape].title,
    RUNNER_TITLES[row.runner],
    row.node,
    row.records.toLocaleString('en'),
    Math.round(row.recordsPerSecond).toLocaleString('en'),
    row.megabytesPerSecond.toFixed(row.megabytesPerSecond < 10 ? 1 : 0),
    row.cpuSecondsPerMillion.toFixed(2),
    row.peakMebibytes.toFixed(0),
    row.timesLessCpuThanSdk?.toFixed(1) ?? '–',
    row.shareOfFloor?.toFixed(2) ?? '–',
  ]);
  return renderTable(headings, rows);
}

const CPU_TARGET = { mixed: 18, others: 10 };
const FLOOR_TARGET = 0.75;
const FLOOR_TARGET_SEGMENTS = 4;

/** One line for each target of the connector that this run can tell about. */
export function renderTargets(summaries: readonly Summary[], options: BenchOptions): string {
  const own = summaries.filter((row) => row.runner === 'connector');
  const lines = own.flatMap((row) => {
    const where = `${SHAPES[row.shape].title}, ${row.node}`;
    const isHardest = row.shape === 'mixed' && !options.changes;
    const times = isHardest ? CPU_TARGET.mixed : CPU_TARGET.others;
    const cpu = renderTarget(
      `${where}: CPU ${times} times below the SDK's`,
      row.timesLessCpuThanSdk,
      times,
    );
    const isComparable = options.segments === FLOOR_TARGET_SEGMENTS;
    const rate = isComparable
      ? renderTarget(
          `${where}: ${FLOOR_TARGET} of the floor's rate`,
          row.shareOfFloor,
          FLOOR_TARGET,
        )
      : [];
    return [...cpu, ...rate];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function renderTarget(text: string, value: number | undefined, target: number): string[] {
  if (value === undefined) return [];
  return [`${value >= target ? 'holds ' : 'MISSED'}  ${text} (${value.toFixed(2)})`];
}
