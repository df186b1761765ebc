import type { RawItem } from '../aws/dynamodb/attribute-value.ts';
import type { ItemSample } from '../aws/dynamodb/sample-items.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import type { ScanSettings } from '../strategies/scan/scan-settings.ts';
import type { SourceContext } from './find-tables.ts';
import { sampleTable } from './sample-table.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { warnOfColumns } from './schema/report-columns.ts';
import { MOST_COLUMNS } from './schema/schema-inference.ts';

/** What check knows of a table when it looks at its columns. */
export interface CheckedItems {
  readonly table: Table;
  readonly settings: ScanSettings;
  /** The items that check has read. */
  readonly items: readonly RawItem[];
}

/** Warns of columns that no destination can have, as discover does, from a smaller sample. */
export async function checkColumns(context: SourceContext, checked: CheckedItems): Promise<void> {
  const { records } = context.config;
  const sample = await sampleIfWide(context, checked);
  warnOfColumns(inferColumns(checked.table, sample, records), context.logger);
}

/** Airbyte checks before every sync, so no more is read than one page of each segment, and that only where it may tell. */
async function sampleIfWide(
  context: SourceContext,
  { settings, items }: CheckedItems,
): Promise<ItemSample> {
  const { config, logger, patience } = context;
  const atHand = { items, isWholeTable: false };
  const size = config.discoverSampleSize;
  if (size === 0 || config.records.format === 'packed' || !mayBeWide(settings, items))
    return atHand;
  const impatient = { ...context, patience: { ...patience, patienceMs: 0 } };
  try {
    return await sampleTable(impatient, settings.target, { size, mostPages: 1 });
  } catch (error) {
    // The table can be read, as the item at hand shows; nobody needs the sample.
    patience.signal.throwIfAborted();
    logger.debug(`${settings.target.table}: no sample of its items (${String(error)}).`);
    return atHand;
  }
}

/** Whether the items may have more attributes together than a schema lists, were they all called differently. */
function mayBeWide({ itemCount }: ScanSettings, items: readonly RawItem[]): boolean {
  const widest = Math.max(0, ...items.map((item) => Object.keys(item).length));
  // DynamoDB counts the items of a new table only after hours.
  const mostItems = itemCount === 0 ? Infinity : itemCount;
  return widest > 0 && mostItems * widest > MOST_COLUMNS;
}
