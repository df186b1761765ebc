import type { ChangeFigures } from '../change-figures.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatShare,
} from '../text/figures.ts';
import type { Rates } from './pace.ts';
import { describeTroubles, describeWait } from './progress-line.ts';
import type { StreamProgress } from './stream-progress.ts';
import type { Terminal } from './terminal.ts';

const BAR_WIDTH = 20;
const WIDEST_NAME = 24;

/** Draws the line of a running stream for a terminal; if it is too narrow, the last figures are cut off. */
export function drawProgress(progress: StreamProgress, rates: Rates, terminal: Terminal): string {
  const { share, timeLeftMs, throttles, retries, changes } = progress;
  const figures = [
    ...(share === undefined ? [] : [formatShare(share).padStart(5)]),
    `${formatCount(progress.records)} records`,
    ...(changes === undefined ? [] : drawChanges(changes)),
    ...(timeLeftMs === undefined ? [] : [`${formatDuration(timeLeftMs)} left`]),
    `${formatCount(Math.round(rates.recordsPerSecond))}/s`,
    `${formatBytes(rates.bytesPerSecond)}/s`,
    `${formatCount(rates.readUnitsPerSecond)} read units/s`,
    ...(throttles + retries === 0 ? [] : [describeTroubles(progress)]),
  ];
  const name = shorten(progress.name);
  const wait = describeWait(progress);
  const hasBar = share !== undefined && wait === undefined;
  const barWidth = hasBar ? BAR_WIDTH + 2 : 0;
  // One column stays free: some terminals wrap when the last one is written.
  const room = terminal.columns - 1 - name.length - 2 - barWidth;
  if (room < 0) return name.slice(0, Math.max(0, terminal.columns - 1));
  const bar = hasBar ? `${drawBar(share, terminal)}  ` : '';
  const text = wait ?? figures.join('  ');
  return `${name}  ${bar}${text.slice(0, room)}`;
}

function drawChanges({ changes, behindMs }: ChangeFigures): readonly string[] {
  return [formatNumberOf(changes, 'change'), `${formatDuration(behindMs)} behind`];
}

function drawBar(share: number, terminal: Terminal): string {
  const filled = Math.round(BAR_WIDTH * share);
  return terminal.green('━'.repeat(filled)) + terminal.dim('─'.repeat(BAR_WIDTH - filled));
}

function shorten(name: string): string {
  return name.length <= WIDEST_NAME ? name : `${name.slice(0, WIDEST_NAME - 1)}…`;
}
