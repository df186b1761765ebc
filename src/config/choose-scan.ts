import type { Config, ScanConfig } from './config.ts';

/** How a table is scanned: by the first of `table_options` that matches its name, or else as all tables are. */
export function chooseScan({ scan, tableScans }: Config, table: string): ScanConfig {
  return tableScans.find(({ matches }) => matches(table))?.scan ?? scan;
}
