import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import type { Catalog, StreamDefinition } from '../protocol/messages.ts';
import { createReservedError } from '../records/transcoder.ts';
import { CDC_CURSOR } from '../strategies/cdc-columns.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { ReplicationMethod } from '../strategies/replication-method.ts';
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
    rejectReservedKey(table, method);
    const columns = await discoverColumns(stoppable, table);
    const obstacle = method.findObstacle(table);
    if (obstacle !== undefined) context.logger.warn(obstacle);
    return defineStream(table, columns, method);
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

/**
 * @param method whose columns come behind those of the items: where they have a cursor, nobody needs to choose one.
 * @throws ConfigError for an attribute that is called like one of them.
 */
function defineStream(table: Table, columns: Columns, method: ReplicationMethod): StreamDefinition {
  const added = method.columns(table);
  const reserved = [...added.keys()].find((name) => columns.has(name));
  if (reserved !== undefined) {
    throw createReservedError(reserved, { table: table.name, isKey: false });
  }
  const hasCursor = added.has(CDC_CURSOR);
  return {
    name: table.name,
    json_schema: toRecordSchema(new Map([...columns, ...added])),
    supported_sync_modes:
      method.findObstacle(table) === undefined ? ['full_refresh', 'incremental'] : ['full_refresh'],
    source_defined_cursor: hasCursor,
    ...(hasCursor && { default_cursor_field: [CDC_CURSOR] }),
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

/** @throws ConfigError for a table with a key that is called like a column of the method, which no record format allows. */
export function rejectReservedKey(table: Table, method: ReplicationMethod): void {
  const columns = method.columns(table);
  const reserved = table.keys.find(({ name }) => columns.has(name));
  if (reserved === undefined) return;
  throw createReservedError(reserved.name, { table: table.name, isKey: true });
}
