import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import type { Catalog, StreamDefinition } from '../protocol/messages.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import { resolveTableScan } from '../strategies/scan/scan-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { inspectTables } from './find-tables.ts';
import { sampleTable } from './sample-table.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { tellOfWideNumbers, warnOfColumns } from './schema/report-columns.ts';
import { type Columns, toRecordSchema } from './schema/schema-inference.ts';
import { findWideNumbers } from './schema/wide-numbers.ts';

/**
 * Discovers the streams of the config's tables, one per table, ordered by name.
 *
 * @throws ConfigError, TransientError.
 */
export async function discoverCatalog(context: SourceContext): Promise<Catalog> {
  const method = chooseMethod(context.config);
  const streams = await inspectTables(context, async (table, stoppable) => {
    rejectKeyCalledData(table, context.config.records.format);
    const columns = await discoverColumns(stoppable, table);
    return defineStream(table, new Map([...columns, ...method.columns(table)]));
  });
  return { streams };
}

/** Infers the columns of a table's records, and warns about what destinations cannot store. */
async function discoverColumns(context: SourceContext, table: Table): Promise<Columns> {
  const { config, logger } = context;
  const { target } = resolveTableScan(config, table);
  const sample = await sampleTable(context, target, { size: config.discoverSampleSize });
  const findings = inferColumns(table, sample, config.records);
  warnOfColumns(findings, logger);
  const keys = table.keys.map(({ name }) => name);
  tellOfWideNumbers(table.name, findWideNumbers(sample.items, keys, config.records), logger);
  return findings.columns;
}

function defineStream(table: Table, columns: Columns): StreamDefinition {
  return {
    name: table.name,
    json_schema: toRecordSchema(columns),
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: false,
    source_defined_primary_key: table.keys.map((key) => [key.name]),
    is_resumable: true,
  };
}

/** @throws ConfigError for a packed table with a key that would collide with the whole item. */
export function rejectKeyCalledData(table: Table, format: 'columns' | 'packed'): void {
  if (format === 'columns' || !table.keys.some((key) => key.name === 'data')) return;
  throw new ConfigError(
    `The table ${table.name} has a key attribute called "data", which is also what packed records call the whole item. Choose the record format "columns", or leave the table out with "exclude_tables".`,
  );
}
