import type { Table } from '../dynamodb/tables.ts';
import type { ExpectedAmount } from '../monitoring/stream-progress.ts';

/**
 * What a read of a table is expected to bring, for its progress; nothing where that is not known: a new table shows no
 * items for up to six hours, and how much of a resumed scan is left its state does not tell.
 */
export function expectAmount({ itemCount }: Table, savedState: unknown): ExpectedAmount {
  const isResumed = typeof savedState === 'object' && savedState !== null && 'scan' in savedState;
  return itemCount === 0 || isResumed ? {} : { records: itemCount };
}
