import type { Logger } from '../../protocol/logger.ts';
import { formatCount, formatNumberOf } from '../../text/figures.ts';
import { listSome, quoteName } from '../../text/quote-names.ts';
import { describeCollisions } from './describe-collisions.ts';
import { findCollisions } from './folded-names.ts';
import { MOST_COLUMNS, type Columns } from './schema-inference.ts';

const MOST_NAMED = 20;

/** What is known about a table's columns. */
export interface ColumnFindings {
  readonly table: string;
  readonly columns: Columns;
  /** How many different attributes the sampled items have in total. */
  readonly attributeCount: number;
  readonly isPacked: boolean;
}

/** Warns about columns that no destination can have: too many, or several with the same name. */
export function warnOfColumns(findings: ColumnFindings, logger: Logger): void {
  const { table, columns, attributeCount, isPacked } = findings;
  if (!isPacked && attributeCount > MOST_COLUMNS) {
    logger.warn(
      `${table}: the sampled items have ${formatCount(attributeCount)} different attributes, as if their names were made from data. The schema lists the ${formatCount(MOST_COLUMNS)} most frequent. Set "record_format" to "packed" to get each item whole in one column, or choose attributes with "projection" in "table_options".`,
    );
  }
  const collisions = describeCollisions(findCollisions(columns.keys()));
  if (collisions !== undefined) {
    logger.warn(
      `${table}: destinations that ignore case and write "_" for other characters merge several attributes into one column, and lose values: ${collisions}. Set "record_format" to "packed", so that only the keys and "data" are columns.`,
    );
  }
}

/** Logs which attributes have numbers that many destinations cannot store. */
export function tellOfWideNumbers(table: string, names: readonly string[], logger: Logger): void {
  if (names.length === 0) return;
  logger.info(
    `${table}: ${formatNumberOf(names.length, 'attribute')} with numbers of more than 15 digits or beyond 64 bits: ${listSome(names.map(quoteName), MOST_NAMED)}. Some destinations round such numbers or refuse them; set "number_values" to "string" to get every digit as text.`,
  );
}
