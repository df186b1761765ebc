import type { RawItem } from '../aws/dynamodb/attribute-value.ts';
import type { ItemSample } from '../aws/dynamodb/sample-items.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import { resolveTableScan } from '../strategies/scan/scan-method.ts';
import type { ScanSettings } from '../strategies/scan/scan-settings.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { sampleTable } from './sample-table.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { warnOfColumns } from './schema/report-columns.ts';
import { MOST_COLUMNS } from './schema/schema-inference.ts';

/**
 * Warns of columns that no destination can have, as discover does, from a smaller sample.
 *
 * @param items that check has read.
 */
export async function checkColumns(
  context: SourceContext,
  table: Table,
  items: readonly RawItem[],
): Promise<void> {
  const { config, logger } = context;
  const sample = await sampleIfWide(context, resolveTableScan(config, table), items);
  warnOfColumns(inferColumns(table, sample, config.records), logger);
}

/** Airbyte checks before every sync, so no more is read than one page of each segment, and that only where it may tell. */
async function sampleIfWide(
  context: SourceContext,
  settings: ScanSettings,
  items: readonly RawItem[],
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
