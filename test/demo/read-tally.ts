import type { Json } from '../support/json.ts';
import type { RecordPayload } from '../support/messages.ts';
import type { Item } from '../support/seed.ts';
import { keyNames, type DemoTable } from './tables/demo-table.ts';

/** How the records of a stream compare with the items that were put into its table. */
export interface Comparison {
  /** Items without a record. */
  readonly missing: number;
  /** Records beyond the first of an item. */
  readonly repeated: number;
  /** Records of which there is no item. */
  readonly unknown: number;
}

/** Counts records and remembers which items they were. */
export class ReadTally {
  readonly #keysByTable = new Map<string, string[]>();
  readonly #tables: ReadonlyMap<string, DemoTable>;
  #total = 0;

  constructor(tables: readonly DemoTable[]) {
    this.#tables = new Map(tables.map((table) => [table.definition.name, table]));
  }

  get total(): number {
    return this.#total;
  }

  count(table: string): number {
    return this.keys(table).length;
  }

  /** The keys of a table's records, in order of emission. */
  keys(table: string): readonly string[] {
    return this.#keysByTable.get(table) ?? [];
  }

  add({ stream, data }: RecordPayload): void {
    const table = this.#tables.get(stream);
    if (table === undefined) throw new Error(`a record of an unknown stream: ${stream}`);
    const keys = this.#keysByTable.get(stream) ?? [];
    keys.push(keyText(keyNames(table.definition).map((name) => data[name])));
    this.#keysByTable.set(stream, keys);
    this.#total += 1;
  }
}

/** Compares records, given as keys in any order, with the items of their table. */
export function compareWithItems(table: DemoTable, keys: readonly string[]): Comparison {
  const read = new Set(keys);
  const items = new Set(itemKeys(table));
  const known = [...read].filter((key) => items.has(key)).length;
  return {
    missing: items.size - known,
    repeated: keys.length - read.size,
    unknown: read.size - known,
  };
}

/** Whether every item has one record, and there is no other record. */
export function isExact({ missing, repeated, unknown }: Comparison): boolean {
  return missing === 0 && repeated === 0 && unknown === 0;
}

/** The item of a record's key. */
export function findItem(table: DemoTable, key: string): Item | undefined {
  for (const item of table.makeItems()) if (itemKey(table, item) === key) return item;
  return undefined;
}

/** The keys of all items of a table, as `ReadTally` writes those of records. */
export function itemKeys(table: DemoTable): readonly string[] {
  return Array.from(table.makeItems(), (item) => itemKey(table, item));
}

function itemKey({ definition }: DemoTable, item: Item): string {
  return keyText(keyNames(definition).map((name) => item[name]?.S ?? Number(item[name]?.N)));
}

function keyText(values: readonly (Json | undefined)[]): string {
  return JSON.stringify(values);
}
