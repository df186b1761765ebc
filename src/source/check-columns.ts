import type { ItemSample } from '../aws/dynamodb/sample-items.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import type { CheckedTable } from '../strategies/replication-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { sampleTable } from './sample-table.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { warnOfColumns } from './schema/report-columns.ts';

/** Warns about columns that no destination can have, as discover does, but from a smaller sample. */
export async function checkColumns(
  context: SourceContext,
  table: Table,
  checked: CheckedTable,
): Promise<void> {
  const { config, logger } = context;
  const sample = await sampleLittle(context, checked);
  warnOfColumns(inferColumns(table, sample, config.records), logger);
}

/** Airbyte checks before every sync, so only one page of each segment is read, with eventual consistency. */
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
    // The item at hand shows that the table can be read; the sample is dispensable.
    patience.signal.throwIfAborted();
    logger.debug(`${target.table}: no sample of its items (${String(error)}).`);
    return atHand;
  }
}
