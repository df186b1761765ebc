import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatShare,
} from '../text/figures.ts';
import type { StreamOutcome, StreamProgress } from './stream-progress.ts';
import { alignColumns } from '../text/text-table.ts';

const HEADINGS = [
  'stream',
  'records',
  'size',
  'read units',
  'duration',
  'throttles',
  'retries',
  'output wait',
  'outcome',
];
const OUTCOMES: readonly StreamOutcome[] = ['complete', 'failed', 'stopped'];

// DynamoDB's names may be 255 characters long; one of those would push every other row's figures out of sight.
const WIDEST_NAME = 48;

type Figures = Pick<
  StreamProgress,
  'records' | 'bytes' | 'readUnits' | 'elapsedMs' | 'throttles' | 'retries' | 'outputWaitMs'
>;

/** What a read returned and cost, as lines of a table; none when no stream began. */
export function tabulate(streams: readonly StreamProgress[], elapsedMs: number): readonly string[] {
  if (streams.length === 0) return [];
  const rows = streams.map((stream) => describeRow(stream.name, stream, stream.outcome ?? ''));
  if (streams.length > 1) rows.push(describeRow('all streams', addUp(streams, elapsedMs), ''));
  return [describeOutcomes(streams, elapsedMs), ...alignColumns([HEADINGS, ...rows], WIDEST_NAME)];
}

/** `Read 3 streams in 31.0 s: 2 complete, 1 failed.` */
function describeOutcomes(streams: readonly StreamProgress[], elapsedMs: number): string {
  const counts = OUTCOMES.map((outcome) => {
    const count = streams.filter((stream) => stream.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const read = `Read ${formatNumberOf(streams.length, 'stream')} in ${formatDuration(elapsedMs)}`;
  return `${read}: ${counts.flat().join(', ')}.`;
}

function describeRow(name: string, figures: Figures, outcome: string): readonly string[] {
  const { elapsedMs, outputWaitMs } = figures;
  return [
    name,
    formatCount(figures.records),
    formatBytes(figures.bytes),
    formatCount(figures.readUnits),
    formatDuration(elapsedMs),
    formatCount(figures.throttles),
    formatCount(figures.retries),
    formatShare(elapsedMs === 0 ? 0 : outputWaitMs / elapsedMs),
    outcome,
  ];
}

function addUp(streams: readonly StreamProgress[], elapsedMs: number): Figures {
  const sum = (pick: (stream: StreamProgress) => number): number =>
    streams.reduce((total, stream) => total + pick(stream), 0);
  return {
    records: sum((stream) => stream.records),
    bytes: sum((stream) => stream.bytes),
    readUnits: sum((stream) => stream.readUnits),
    throttles: sum((stream) => stream.throttles),
    retries: sum((stream) => stream.retries),
    outputWaitMs: sum((stream) => stream.outputWaitMs),
    elapsedMs,
  };
}
