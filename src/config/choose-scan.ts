import type { Config, ScanConfig } from './config.ts';

/** How a table is scanned: by the first entry of `table_options` that matches its name, or else like all tables. */
export function chooseScan({ scan, tableScans }: Config, table: string): ScanConfig {
  return tableScans.find(({ matches }) => matches(table))?.scan ?? scan;
}

/** A sentence for each entry of `table_options` that applies to none of the selected tables. */
export function findUnusedScans(
  { tableScans }: Pick<Config, 'tableScans'>,
  tables: readonly string[],
): readonly string[] {
  const used = new Set(tables.map((name) => tableScans.find(({ matches }) => matches(name))));
  return tableScans
    .filter((entry) => !used.has(entry))
    .map(({ pattern, matches }) =>
      tables.some((name) => matches(name))
        ? `"table_options" names ${pattern}, but earlier entries already apply to every table that matches it.`
        : `"table_options" names ${pattern}, but no selected table matches it.`,
    );
}
