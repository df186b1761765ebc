import { ConfigError, TransientError } from '../../errors.ts';
import { formatDuration, formatNumberOf } from '../../text/figures.ts';
import { renderTime } from '../export/export-time.ts';
import type { Notice } from '../read-plan.ts';
import type { GapError } from './gaps/gap-error.ts';
import type { ChangePlan } from './stream-plan.ts';
import { isOfSameTable } from './usable-stream.ts';

// Two thirds of the day for which a change stream keeps its changes.
const LATE_MS = 16 * 3_600_000;

type SnapshotChoice = Pick<ChangePlan, 'snapshot'>;
type GapPlan = Pick<ChangePlan, 'snapshot' | 'saved' | 'arn'>;

/** The failure of a sync that cannot go on without losing changes. */
export function describeGap(gap: GapError, { snapshot, saved, arn }: GapPlan): ConfigError {
  const remedy =
    snapshot !== 'none'
      ? 'Clear the stream to begin with a new snapshot, or set "invalid_cdc_cursor_position_behavior" to "Re-sync data" to have one made whenever this happens.'
      : 'Set "initial_snapshot" to "scan" and clear the stream to begin with a snapshot, or set "invalid_cdc_cursor_position_behavior" to "Re-sync data" to go on with the oldest changes that are left whenever this happens, without those that are lost.';
  const isRecoverable =
    saved === undefined || (saved.export === undefined && isOfSameTable(saved.stream.arn, arn));
  const recovery = isRecoverable
    ? ' To lose nothing and keep the destination as it is, set it to "Recover by export", which needs point-in-time recovery of the table that reaches back to that time, and a bucket in "export.s3_bucket".'
    : '';
  return new ConfigError(`${gap.message} ${remedy}${recovery}`, {
    reason: 'position lost',
    cause: gap,
  });
}

/** What is said before a table is read again because changes are lost. */
export function describeResync(
  table: string,
  { message }: GapError,
  { snapshot }: SnapshotChoice,
): Notice {
  const consequence =
    snapshot !== 'none'
      ? `A new snapshot of ${table} is read. Items that were deleted in the meantime stay in the destination; clear the stream to be rid of them.`
      : `The changes of ${table} are read from the oldest that is left, and no snapshot, since "initial_snapshot" is "none". What is lost stays lost: items that changed in the meantime stay in the destination as they were, deleted ones too, until they change again. To have all that the table holds, set "initial_snapshot" to "scan" and clear the stream.`;
  return { level: 'warn', message: `${message} ${consequence}` };
}

/**
 * What is said before a gap is repaired.
 *
 * @param unseen the time, in milliseconds since 1970, within which an item may have been made and deleted unseen.
 * @param count exports that are read.
 */
export function describeRepair(
  table: string,
  { message }: GapError,
  unseen: { readonly from: number; readonly to: number },
  count: number,
): Notice {
  return {
    level: 'warn',
    message: `${message} ${formatNumberOf(count, 'incremental export')} of ${table} are read for them, deletes included, and then the change stream from where they end. Only an item that was made and deleted between ${renderTime(unseen.from)} and ${renderTime(unseen.to)} may stay in the destination.`,
  };
}

/** What is said where a gap cannot be repaired. */
export function describeUnrepaired(table: string, obstacle: string): Notice {
  return {
    level: 'warn',
    message: `${table}: the lost changes cannot be recovered by exports: ${obstacle.replace(/\.$/, '')}.`,
  };
}

/** The failure of a sync that has read a disabled change stream to its end. */
export function createDisabledError({
  table,
  onGap,
}: Pick<ChangePlan, 'table' | 'onGap'>): ConfigError {
  const remedy =
    onGap !== 'fail'
      ? 'with which the next sync goes on as after a gap.'
      : 'so clear the stream, or set "invalid_cdc_cursor_position_behavior" to "Re-sync data" or "Recover by export".';
  return new ConfigError(
    `The change stream of ${table} is disabled. All that it held is read. Enable it again with the view NEW_AND_OLD_IMAGES; it is a new change stream then, ${remedy}`,
  );
}

/** The failure of a snapshot that cannot begin, because shards that are listed cannot be read. */
export function createUnreadableError(table: string): TransientError {
  return new TransientError(
    `DynamoDB lists shards of the change stream of ${table} that it does not let be read yet. Try again.`,
  );
}

/** A warning when the last sync is so long ago that changes were nearly lost. */
export function describeLateSync(table: string, readTo: number, now: number): Notice | undefined {
  if (now - readTo < LATE_MS) return undefined;
  return {
    level: 'warn',
    message: `${table}: its changes were last read ${formatDuration(now - readTo)} ago, and DynamoDB keeps them for 24 hours. Sync at least every 12 hours.`,
  };
}
