import type { ItemSample } from '../aws/dynamodb/sample-items.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import type { CheckedTable } from '../strategies/replication-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { sampleTable } from './sample-table.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { warnOfColumns } from './schema/report-columns.ts';

/** Warns of columns that no destination can have, as discover does, from a smaller sample. */
export async function checkColumns(
  context: SourceContext,
  table: Table,
  checked: CheckedTable,
): Promise<void> {
  const { config, logger } = context;
  const sample = await sampleLittle(context, checked);
  warnOfColumns(inferColumns(table, sample, config.records), logger);
}

/** Airbyte checks before every sync, so no more is read than one page of each segment, and that eventually consistent. */
async function sampleLittle(
  context: SourceContext,
  { items, target }: CheckedTable,
): Promise<ItemSample> {
  const { config, logger, patience } = context;
  const atHand = { items, isWholeTable: false };
  const size = config.discoverSampleSize;
  if (size === 0 || config.records.format === 'packed' || items.length === 0) return atHand;
  const impatient = { ...context, patience: { ...patience, patienceMs: 0 } };
  try {
    return await sampleTable(impatient, target, { size, mostPages: 1 });
  } catch (error) {
    // The table can be read, as the item at hand shows; nobody needs the sample.
    patience.signal.throwIfAborted();
    logger.debug(`${target.table}: no sample of its items (${String(error)}).`);
    return atHand;
  }
}
