import type { Table } from '../../aws/dynamodb/tables.ts';
import { chooseScan } from '../../config/choose-scan.ts';
import type { Config, ExportConfig, ScanConfig } from '../../config/config.ts';
import { ConfigError, SystemError } from '../../errors.ts';
import type { ExportSettings } from './export-plan.ts';

// Where S3 takes 40 ms for a part of a megabyte, four files bring 100 MB/s, of which the thread makes some 500; six do
// where it takes 60 ms. Each takes memory.
const FILES_AT_A_TIME = 4;
const MOST_FILES_AT_A_TIME = 6;

/**
 * Works out how the exports of a table are read.
 *
 * @throws ConfigError for options that exports do not have.
 */
export function resolveExport(config: Config, table: Table): ExportSettings {
  const scan = chooseScan(config, table.name);
  const { replication, export: place } = config;
  if (replication.method !== 'export' || place === undefined) {
    throw new SystemError('Exports are read without their config.');
  }
  rejectScanOptions(table.name, scan);
  if (replication.source === 'new' && scan.exportManifest !== undefined) {
    throw new ConfigError(
      `"export_manifest" in the "table_options" of ${table.name} needs "Use existing". Choose that, or remove it.`,
    );
  }
  const { slice, exportManifest: manifest } = scan;
  return {
    ...toSettings(table, scan, place),
    source: replication.source,
    ...(manifest !== undefined && { manifest }),
    ...(slice !== undefined && { slice }),
  };
}

/**
 * Works out how the exports of a table are read that its change stream needs, for its snapshot or where changes are lost;
 * undefined where the config has no place for them.
 */
export function resolveExportOfStream(config: Config, table: Table): ExportSettings | undefined {
  const { export: place } = config;
  if (place === undefined) return undefined;
  return { ...toSettings(table, chooseScan(config, table.name), place), source: 'new' };
}

function toSettings(table: Table, { segments }: ScanConfig, place: ExportConfig) {
  const { name, reference, arn, itemCount, sizeBytes } = table;
  return {
    ...{ table: name, reference, tableArn: arn ?? reference, itemCount, sizeBytes, place },
    filesAtATime: Math.min(segments || FILES_AT_A_TIME, MOST_FILES_AT_A_TIME),
  };
}

function rejectScanOptions(table: string, { indexName, filter, projection }: ScanConfig): void {
  const option = [
    indexName === undefined ? [] : ['index_name'],
    filter === undefined ? [] : ['filter_expression'],
    projection === undefined ? [] : ['projection'],
  ].flat()[0];
  if (option === undefined) return;
  throw new ConfigError(
    `"${option}" in the "table_options" of ${table} cannot be used with exports, which always hold the whole table. Remove it; columns can be deselected in the connection.`,
  );
}
