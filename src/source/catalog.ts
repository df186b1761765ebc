import type { RawItem } from '../aws/dynamodb/attribute-value.ts';
import { callPatiently } from '../aws/calls/patient-call.ts';
import { sampleItems } from '../aws/dynamodb/sample-items.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import type { Catalog, StreamDefinition } from '../protocol/messages.ts';
import { settleTable } from '../strategies/scan/scan-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { inspectTables } from './find-tables.ts';
import { SchemaInference } from './schema.ts';

/**
 * The streams of the config's tables, one a table, ordered by name.
 *
 * @throws ConfigError, TransientError.
 */
export async function discoverCatalog(context: SourceContext): Promise<Catalog> {
  const streams = await inspectTables(context, async (table, stoppable) => {
    rejectKeyCalledData(table, context.config.records.format);
    return defineStream(context, table, await sampleTable(stoppable, table));
  });
  return { streams };
}

/** The items are sampled as a read would scan them, so that its schema is of what it brings. */
function sampleTable(
  { config, connection, patience }: SourceContext,
  table: Table,
): Promise<readonly RawItem[]> {
  const { target } = settleTable(config, table);
  const size = config.discoverSampleSize;
  if (size === 0) return Promise.resolve([]);
  const call = { action: 'dynamodb:Scan', resource: table.reference };
  return callPatiently(connection, call, patience, () =>
    sampleItems(connection, target, size, patience.signal),
  );
}

function defineStream(
  { config }: SourceContext,
  table: Table,
  items: readonly RawItem[],
): StreamDefinition {
  const inference = new SchemaInference(table.keys, config.records);
  for (const item of items) inference.add(item);
  return {
    name: table.name,
    json_schema: inference.toSchema(),
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: false,
    source_defined_primary_key: table.keys.map((key) => [key.name]),
    is_resumable: true,
  };
}

/** @throws ConfigError for a packed table whose key would stand where the item stands. */
export function rejectKeyCalledData(table: Table, format: 'columns' | 'packed'): void {
  if (format === 'columns' || !table.keys.some((key) => key.name === 'data')) return;
  throw new ConfigError(
    `The table ${table.name} has a key attribute called "data", as packed records call the whole item. Choose the record format "columns", or leave the table out with "exclude_tables".`,
  );
}
