import type { ChangeFigures } from '../change-figures.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatShare,
} from '../text/figures.ts';
import type { Rates } from './pace.ts';
import type { StreamProgress } from './stream-progress.ts';

/** The log's sentence about a stream that is being read. The wording is documented in docs/monitoring.md. */
export function describeProgress(progress: StreamProgress, rates: Rates): string {
  const { name, timeLeftMs } = progress;
  const wait = describeWait(progress);
  if (wait !== undefined) {
    return `${name}: ${wait}; ${formatNumberOf(progress.records, 'record')} so far; ${describeTroubles(progress)}.`;
  }
  const amount = `${formatNumberOf(progress.records, 'record')}${describeShare(progress)}, ${formatBytes(progress.bytes)} and ${formatCount(progress.readUnits)} read units so far`;
  const pace = `${formatCount(Math.round(rates.recordsPerSecond))} records/s, ${formatBytes(rates.bytesPerSecond)}/s and ${formatCount(rates.readUnitsPerSecond)} read units/s`;
  const left = timeLeftMs === undefined ? '' : `; about ${formatDuration(timeLeftMs)} left`;
  return `${name}: ${amount}; ${pace}; ${describeTroubles(progress)}${describeChanges(progress)}${left}.`;
}

/** The log's sentence about a stream that has been read to its end. */
export function describeRead(progress: StreamProgress): string {
  const { name, records, elapsedMs, readUnits, changes } = progress;
  const units = readUnits === 0 ? '' : ` for ${formatNumberOf(readUnits, 'read unit')}`;
  const tip = changes && `; ${formatNumberOf(changes.changes, 'change')}, ${describeLag(changes)}`;
  return `${name}: read ${formatNumberOf(records, 'record')} in ${formatDuration(elapsedMs)}${units}${tip ?? ''}.`;
}

/** `waiting for the export as of 2026-11-26T12:00:00Z (7 min 12 s)`; undefined while nothing is awaited. */
export function describeWait({ waits }: StreamProgress): string | undefined {
  if (waits?.awaited === undefined) return undefined;
  return `waiting for ${waits.awaited} (${formatDuration(waits.waitMs)})`;
}

function describeShare({ share, expected, changes }: StreamProgress): string {
  if (share === undefined) return changes?.isInSnapshot === true ? ' (snapshot being read)' : '';
  if (expected.records === undefined) return ` (about ${formatShare(share)})`;
  const whole = changes === undefined ? 'about' : 'a snapshot of about';
  return ` (${formatShare(share)} of ${whole} ${formatCount(expected.records)})`;
}

/** `; 1,204 changes from 3 shards, 12 more finished and 1 waiting, read up to 4.2 s ago` */
function describeChanges({ changes: figures }: StreamProgress): string {
  if (figures === undefined) return '';
  const { changes, openShards, finishedShards, waitingShards } = figures;
  const shards = `${formatNumberOf(openShards, 'shard')}, ${formatCount(finishedShards)} more finished and ${formatCount(waitingShards)} waiting`;
  return `; ${formatNumberOf(changes, 'change')} from ${shards}, ${describeLag(figures)}`;
}

function describeLag({ behindMs }: ChangeFigures): string {
  return `read up to ${formatDuration(behindMs)} ago`;
}

/** `0 throttles, 1 retry` */
export function describeTroubles({ throttles, retries }: StreamProgress): string {
  return `${formatNumberOf(throttles, 'throttle')}, ${formatNumberOf(retries, 'retry', 'retries')}`;
}
