import { CdcColumns } from '../cdc-columns.ts';
import { type ChangeNumber, toMilliseconds } from './change-number.ts';
import type { ChangeRecord } from '../../aws/streams/change-page.ts';

/** The columns of each row of a snapshot. */
export function writeRowColumns(columns: CdcColumns, base: ChangeNumber): Uint8Array {
  return columns.write({
    cursor: base,
    updatedAt: new Date(toMilliseconds(base)).toISOString(),
  });
}

/** The columns of a change. */
export function writeChangeColumns(
  columns: CdcColumns,
  { kind, createdAt, isTtl, sequenceNumber }: ChangeRecord,
  number: ChangeNumber,
): Uint8Array {
  const updatedAt = new Date(createdAt * 1000).toISOString();
  return columns.write({
    cursor: number,
    updatedAt,
    sequenceNumber,
    ...(kind === 'delete' && { deletedAt: updatedAt, deletedBy: isTtl ? 'ttl' : 'user' }),
  });
}
