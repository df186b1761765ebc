import type { CdcColumns } from '../../cdc-columns.ts';
import { type ChangeNumber, toMilliseconds } from './change-number.ts';
import type { ChangeRecord } from '../../../aws/streams/change-records.ts';

/** The columns of each row of a snapshot. */
export function writeRowColumns(columns: CdcColumns, base: ChangeNumber): Uint8Array {
  return columns.write({
    cursor: base,
    updatedAt: new Date(toMilliseconds(base)).toISOString(),
  });
}

/** Writes the columns of changes. Those of a second share the text of their time. */
export class ChangeColumnsWriter {
  readonly #columns: CdcColumns;
  #second = NaN;
  #time = '';

  constructor(columns: CdcColumns) {
    this.#columns = columns;
  }

  write(record: ChangeRecord, number: ChangeNumber): Uint8Array {
    const { kind, isTtl, sequenceNumber } = record;
    const updatedAt = this.#writeTime(record.createdAt);
    const isDelete = kind === 'delete';
    return this.#columns.write({
      cursor: number,
      updatedAt,
      deletedAt: isDelete ? updatedAt : null,
      deletedBy: isDelete ? (isTtl ? 'ttl' : 'user') : null,
      sequenceNumber,
    });
  }

  #writeTime(second: number): string {
    if (second !== this.#second) this.#time = new Date(second * 1000).toISOString();
    this.#second = second;
    return this.#time;
  }
}
