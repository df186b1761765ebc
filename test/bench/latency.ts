import type { BenchOptions } from './options.ts';
import type { Run } from './run-check.ts';
import type { RunnerName } from './runners.ts';
import { ReplayServer } from './server-process.ts';
import type { PageFacts } from './server-protocol.ts';
import type { ShapeName } from './shapes.ts';
import { nameTable } from './table-name.ts';
import { renderTable } from './text-table.ts';
import { runOnce } from './throughput.ts';

/** Throughput of one reader while the server holds each page back. */
export interface LatencyResult {
  readonly shape: ShapeName;
  readonly runner: RunnerName;
  readonly node: string;
  readonly delayMs: number;
  /** MB/s that a connection is capped at; 0 = not. */
  readonly bandwidth: number;
  readonly segments: number;
  readonly recordsPerSecond: number;
  /** `segments × page / (delay + transfer)`, with delay and cap as the server's timers kept them. */
  readonly idealPerSecond: number;
  /** Of the whole process, start-up included. */
  readonly cpuSecondsPerMillion: number;
  readonly peakMebibytes: number;
}

/** A run takes about so long when nothing but the delay limits it ... */
const RUN_SECONDS = 12;
/** ... and reads no more pages than this, nor fewer a segment than the other. */
const MAX_PAGES = 6000;
const MIN_PAGES_PER_SEGMENT = 8;

interface Rung {
  readonly shape: ShapeName;
  readonly facts: PageFacts;
  readonly runner: RunnerName;
  readonly node: string;
  readonly delayMs: number;
  readonly bandwidth: number;
  readonly segments: number;
  readonly transferMs: number;
}

/**
 * Compares readers with the ideal for each delay and number of segments, and prints the table.
 *
 * Where a connection is capped, the server's own times say what the ideal is; without a cap, the transfer of a page
 * is what the floor takes when nothing is held back. That is one segment's: many uncapped ones share two
 * processors, so the ideal of 16 and 64 is beyond any reader there, and the floor's row tells what is not.
 */
export async function measureLatency(
  options: BenchOptions,
  note: (text: string) => void,
): Promise<LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const shape of options.shapes) {
    const measured = await measureTransfer(options, shape);
    note(`${shape}: an unhindered page takes ${measured.transferMs.toFixed(2)} ms`);
    for (const [bandwidth, delayMs] of pair(options.bandwidths, options.delays)) {
      await using server = await startServer(options, { delayMs, bandwidth });
      await server.prepare(shape);
      for (const rung of listRungs(options, { shape, delayMs, bandwidth, ...measured })) {
        const result = await climb(options, server, rung);
        results.push(result);
        note(renderResult(result).join('  '));
      }
    }
  }
  process.stdout.write(renderTable(HEADINGS, results.map(renderResult)));
  return results;
}

function pair<Left, Right>(lefts: readonly Left[], rights: readonly Right[]): [Left, Right][] {
  return lefts.flatMap((left) => rights.map((right): [Left, Right] => [left, right]));
}

function listRungs(
  options: BenchOptions,
  given: Omit<Rung, 'runner' | 'node' | 'segments'>,
): Rung[] {
  const runners = options.runners.filter((runner) => runner !== 'boto3');
  return pair(options.ladder, pair(options.nodes, runners)).map(([segments, [node, runner]]) => ({
    ...given,
    segments,
    node,
    runner,
  }));
}

function startServer(
  { certificate }: BenchOptions,
  { delayMs, bandwidth }: { readonly delayMs: number; readonly bandwidth: number },
): Promise<ReplayServer> {
  return ReplayServer.start({
    delayMs,
    bytesPerSecond: bandwidth * 1e6,
    ...(certificate !== undefined && { certificate }),
  });
}

async function measureTransfer(
  options: BenchOptions,
  shape: ShapeName,
): Promise<{ facts: PageFacts; transferMs: number }> {
  await using server = await startServer(options, { delayMs: 0, bandwidth: 0 });
  const facts = await server.prepare(shape);
  const records = facts.itemsPerPage * MAX_PAGES;
  const tables = [nameTable(shape, records)] as const;
  const node = options.nodes[0] ?? process.execPath;
  const target = { ...options, endpoint: server.endpoint, tables, node, segments: 1 };
  const run = await runOnce({ server, runner: 'floor', target, records });
  return { facts, transferMs: (windowSeconds(run) * 1000) / MAX_PAGES };
}

async function climb(
  options: BenchOptions,
  server: ReplayServer,
  rung: Rung,
): Promise<LatencyResult> {
  const { facts, segments, bandwidth, runner, node } = rung;
  const pageBytes = facts.itemsPerPage * facts.itemBytes;
  const cappedMs = bandwidth > 0 ? pageBytes / bandwidth / 1e3 : undefined;
  const byTime = (RUN_SECONDS * 1000) / (rung.delayMs + (cappedMs ?? rung.transferMs));
  const pages = Math.ceil(Math.max(MIN_PAGES_PER_SEGMENT, Math.min(byTime, MAX_PAGES / segments)));
  const records = pages * segments * facts.itemsPerPage;
  const tables = [nameTable(rung.shape, records)] as const;
  const target = { ...options, endpoint: server.endpoint, tables, node, segments };
  const run = await runOnce({ server, runner, target, records });
  const servedMs = run.server.servedMs / run.server.scans;
  // The server has seen a capped transfer itself, up to its last slice.
  const pageMs = cappedMs === undefined ? servedMs + rung.transferMs : servedMs;
  return {
    shape: rung.shape,
    runner,
    node: options.versions.get(node) ?? node,
    delayMs: rung.delayMs,
    bandwidth,
    segments,
    recordsPerSecond: records / windowSeconds(run),
    idealPerSecond: (segments * facts.itemsPerPage * 1000) / pageMs,
    cpuSecondsPerMillion: (run.cpuSeconds / records) * 1e6,
    peakMebibytes: run.peakBytes / 2 ** 20,
  };
}

/** From the first request until the last byte came out of the reader: start-up is another table's matter. */
function windowSeconds(run: Run): number {
  return Number(BigInt(run.lastByteAt) - BigInt(run.server.firstScanAt)) / 1e9;
}

const HEADINGS = [
  ...[
    'items',
    'reader',
    'node',
    'delay ms',
    'MB/s cap',
    'segments',
    'records/s',
    'ideal',
    'of ideal',
  ],
  ...['CPU s per 1M', 'peak MiB'],
];

function renderResult(result: LatencyResult): string[] {
  return [
    result.shape,
    result.runner,
    result.node,
    String(result.delayMs),
    result.bandwidth === 0 ? '–' : String(result.bandwidth),
    String(result.segments),
    Math.round(result.recordsPerSecond).toLocaleString('en'),
    Math.round(result.idealPerSecond).toLocaleString('en'),
    `${((result.recordsPerSecond / result.idealPerSecond) * 100).toFixed(1)}%`,
    result.cpuSecondsPerMillion.toFixed(2),
    result.peakMebibytes.toFixed(0),
  ];
}
