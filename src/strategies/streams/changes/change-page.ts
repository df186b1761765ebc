import type { ItemRun } from '../../../item-page.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import { ChangeColumnsWriter } from './change-columns.ts';
import { type ChangeNumber, numberChange } from './change-number.ts';
import type { ChangeRecord } from '../../../aws/streams/change-records.ts';
import type { OldChanges } from '../change-state.ts';
import type { ByteSpan } from '../../../json/json-scanner.ts';

/** How change records become runs of items. */
export interface ChangeRunOptions {
  readonly columns: CdcColumns;
  /** Whether a delete carries the item as it was, where the change stream has it. */
  readonly includeOldImage: boolean;
  /** What counts of the records, whose numbers are all the one before then; all of them without it. */
  readonly only?: OldChanges | undefined;
}

/** Change records as runs, one each, and the number of the last of them. */
export interface ChangeRuns {
  readonly runs: readonly ItemRun[];
  readonly number: ChangeNumber;
}

/**
 * The items of change records: the new image of a put, the old image or else the keys of a delete.
 *
 * @param previous number of the change before them.
 */
export function toChangeRuns(
  records: Iterable<ChangeRecord>,
  previous: ChangeNumber,
  options: ChangeRunOptions,
): ChangeRuns {
  const { only } = options;
  const columns = new ChangeColumnsWriter(options.columns);
  const runs: ItemRun[] = [];
  let number = previous;
  if (only === 'nothing') return { runs, number };
  for (const record of records) {
    if (only === 'deletes' && record.kind !== 'delete') continue;
    if (only === undefined) number = numberChange(record.createdAt, number);
    const { start, end } = chooseImage(record, options);
    runs.push({ start, end, columns: columns.write(record, number) });
  }
  return { runs, number };
}

function chooseImage(record: ChangeRecord, { includeOldImage }: ChangeRunOptions): ByteSpan {
  if (record.kind === 'put') return record.newImage;
  return (includeOldImage ? record.oldImage : undefined) ?? record.keys;
}
