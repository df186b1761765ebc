import type { ItemSample } from '../../aws/dynamodb/sample-items.ts';
import type { Table } from '../../aws/dynamodb/tables.ts';
import type { RecordConfig } from '../../config/config.ts';
import type { ColumnFindings } from './report-columns.ts';
import { SchemaInference } from './schema-inference.ts';

/** Infers from a sample which columns a table's records have. */
export function inferColumns(
  table: Table,
  { items, isWholeTable }: ItemSample,
  config: RecordConfig,
): ColumnFindings {
  const inference = new SchemaInference(table.keys, config);
  for (const item of items) inference.add(item);
  return {
    table: table.name,
    columns: inference.toColumns(isWholeTable),
    attributeCount: inference.attributeCount,
    isPacked: config.format === 'packed',
  };
}
