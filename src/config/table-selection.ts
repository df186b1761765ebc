import { ConfigError } from '../errors.ts';
import { compileGlob, isGlob } from './glob.ts';

/** A table that is asked for by name or ARN, without looking it up in ListTables. */
export interface NamedTable {
  readonly name: string;
  /** What requests carry as `TableName`: the name, or the ARN it was given as. */
  readonly reference: string;
}

/** The tables that a config selects. */
export interface TableSelection {
  readonly named: readonly NamedTable[];
  /** Whether ListTables must be asked: no `tables` at all, or a glob among them. */
  readonly needsListing: boolean;
  /** Whether a listed table is selected; it heeds `exclude_tables`. */
  readonly matchesListed: (name: string) => boolean;
}

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;
const TABLE_ARN = /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):[0-9]{12}:table\/([A-Za-z0-9_.-]{3,255})$/;

/**
 * Parses `tables` and `exclude_tables`.
 *
 * @throws ConfigError for an entry that is neither name, ARN nor glob, an ARN of another region, or two selected
 * tables of the same name.
 */
export function parseTableSelection(
  tables: readonly string[],
  excludeTables: readonly string[],
  region: string,
): TableSelection {
  const excluded = excludeTables.map(compileGlob);
  const isExcluded = (name: string): boolean => excluded.some((matches) => matches(name));
  const globs = tables.filter(isGlob).map(compileGlob);
  const named = tables
    .filter((entry) => !isGlob(entry))
    .map((entry) => parseNamedTable(entry, region))
    .filter((table) => !isExcluded(table.name));
  return {
    named: withoutRepeats(named),
    needsListing: tables.length === 0 || globs.length > 0,
    matchesListed: (name) =>
      !isExcluded(name) && (tables.length === 0 || globs.some((matches) => matches(name))),
  };
}

function parseNamedTable(entry: string, region: string): NamedTable {
  const arn = TABLE_ARN.exec(entry);
  const [, arnRegion, name] = arn ?? [];
  if (arnRegion !== undefined && name !== undefined) {
    if (arnRegion === region) return { name, reference: entry };
    throw new ConfigError(
      `The table ${entry} of "tables" lies in ${arnRegion}, but "region" is ${region}. Make a source of its own for each region.`,
    );
  }
  if (TABLE_NAME.test(entry)) return { name: entry, reference: entry };
  throw new ConfigError(
    `"tables" holds ${JSON.stringify(entry)}, which is no table name (3 to 255 letters, digits, "_", "-" or "."), no table ARN and no glob.`,
  );
}

function withoutRepeats(tables: readonly NamedTable[]): readonly NamedTable[] {
  const byName = new Map<string, NamedTable>();
  for (const table of tables) {
    const earlier = byName.get(table.name);
    if (earlier !== undefined && earlier.reference !== table.reference) {
      throw new ConfigError(
        `"tables" selects two tables of the name ${table.name}: ${earlier.reference} and ${table.reference}. A stream is named after its table, so make a source of its own for one of them.`,
      );
    }
    byName.set(table.name, table);
  }
  return [...byName.values()];
}
