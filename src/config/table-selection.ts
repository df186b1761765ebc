import { ConfigError } from '../errors.ts';
import { isGlob } from './glob.ts';
import { parseTableArn } from './table-arn.ts';
import { parseTablePattern, type TablePattern } from './table-pattern.ts';

/** A table that is requested by name or ARN, without looking it up in ListTables. */
export interface NamedTable {
  readonly name: string;
  /** What requests contain as `TableName`: the name, or the ARN if the config has that. */
  readonly reference: string;
}

/** The tables that a config selects. */
export interface TableSelection {
  readonly named: readonly NamedTable[];
  /** Whether ListTables must be called: there are no `tables`, or they contain a glob. */
  readonly needsListing: boolean;
  /** Whether a listed table is selected, taking `exclude_tables` into account. */
  readonly matchesListed: (name: string) => boolean;
  /** A sentence for each glob of `tables` and each entry of `exclude_tables` that matches none of the listed tables. */
  readonly findUnused: (listed: readonly string[]) => readonly string[];
}

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
  const patterns = tables.map((entry) => parseTablePattern(entry, 'tables', region));
  const excluded = excludeTables.map((entry) => parseTablePattern(entry, 'exclude_tables', region));
  const globs = patterns.filter(({ text }) => isGlob(text));
  const named = patterns.filter(({ text }) => !isGlob(text)).map(({ text }) => nameTable(text));
  const exclusions = new Exclusions(excluded, named);
  return {
    named: withoutRepeats(named.filter((table) => !exclusions.leaveOut(table))),
    needsListing: tables.length === 0 || globs.length > 0,
    matchesListed: (name) =>
      !exclusions.leaveOut({ name, reference: name }) &&
      (tables.length === 0 || globs.some(({ matches }) => matches(name))),
    findUnused: (listed) => [
      ...globs
        .filter(({ matches }) => !listed.some((name) => matches(name)))
        .map(({ text }) => `"tables" names ${text}, but no table matches it.`),
      ...exclusions.findUnused(listed),
    ],
  };
}

/** What `exclude_tables` leaves out. */
class Exclusions {
  readonly #patterns: readonly TablePattern[];
  readonly #named: readonly NamedTable[];

  constructor(patterns: readonly TablePattern[], named: readonly NamedTable[]) {
    this.#patterns = patterns;
    this.#named = named;
  }

  leaveOut(table: NamedTable): boolean {
    return this.#patterns.some((pattern) => this.#isMeant(pattern, table));
  }

  findUnused(listed: readonly string[]): readonly string[] {
    const tables = [...this.#named, ...listed.map((name) => ({ name, reference: name }))];
    return this.#patterns
      .filter((pattern) => !tables.some((table) => this.#isMeant(pattern, table)))
      .map(
        ({ text }) =>
          `"exclude_tables" names ${text}, but no table matches it, so it leaves nothing out.`,
      );
  }

  /** An ARN that `tables` contains as well means that very table, and no other with the same name. */
  #isMeant({ text, matches }: TablePattern, { name, reference }: NamedTable): boolean {
    const isShared = this.#named.some((table) => table.reference === text);
    if (isShared && parseTableArn(text) !== undefined) return reference === text;
    return matches(name, reference === name ? undefined : reference);
  }
}

function nameTable(entry: string): NamedTable {
  return { name: parseTableArn(entry)?.name ?? entry, reference: entry };
}

function withoutRepeats(tables: readonly NamedTable[]): readonly NamedTable[] {
  const byName = new Map<string, NamedTable>();
  for (const table of tables) {
    const earlier = byName.get(table.name);
    if (earlier !== undefined && earlier.reference !== table.reference) {
      throw new ConfigError(
        `"tables" selects two tables named ${table.name}: ${earlier.reference} and ${table.reference}. A stream is named after its table, so create a separate source for one of them.`,
      );
    }
    byName.set(table.name, table);
  }
  return [...byName.values()];
}
