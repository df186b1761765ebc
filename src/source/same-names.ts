import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../protocol/logger.ts';
import { describeCollisions } from './schema/describe-collisions.ts';
import { findCollisions } from './schema/folded-names.ts';

/**
 * Streams are named after their tables, so no two may have the same name.
 *
 * @param sorted by name.
 * @throws ConfigError.
 */
export function rejectSameNames(sorted: readonly Table[]): void {
  sorted.forEach((table, index) => {
    const next = sorted[index + 1];
    if (next?.name !== table.name) return;
    throw new ConfigError(
      `Two of the selected tables are called ${table.name}: ${table.reference} and ${next.reference}. A stream is named after its table, so leave one of them out with "exclude_tables" or create a separate source for it.`,
    );
  });
}

/** Warns about tables that many destinations would merge. */
export function warnOfFoldedNames(names: readonly string[], logger: Logger): void {
  const collisions = describeCollisions({ ...findCollisions(names), reserved: [] });
  if (collisions === undefined) return;
  logger.warn(
    `Destinations that ignore case and write "_" for other characters merge several tables into one, and mix their rows: ${collisions}. Read all but one of them through connections of their own, with another prefix or namespace.`,
  );
}
