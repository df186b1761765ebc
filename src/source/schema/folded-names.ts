const RESERVED = /^_(airbyte|ab_cdc)_/;

/** Names that destinations may not tell apart. */
export interface NameCollisions {
  /** Groups of two or more names that become the same. */
  readonly groups: readonly (readonly string[])[];
  /** Names that become those of columns that Airbyte itself adds or interprets. */
  readonly reserved: readonly string[];
}

/** Finds the names that become the same in a destination, or that collide with Airbyte's own columns there. */
export function findCollisions(names: Iterable<string>): NameCollisions {
  const byFolded = new Map<string, string[]>();
  const reserved: string[] = [];
  for (const name of names) {
    const folded = foldName(name);
    if (RESERVED.test(folded)) reserved.push(name);
    const group = byFolded.get(folded);
    if (group === undefined) byFolded.set(folded, [name]);
    else group.push(name);
  }
  const groups = [...byFolded.values()].filter(({ length }) => length > 1);
  return { groups: groups.map((group) => group.sort()), reserved: reserved.sort() };
}

/** What destinations turn a name into: lower case, without accents, `_` for every symbol and before a leading digit. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '_')
    .replace(/^(?=\p{N})/u, '_');
}
