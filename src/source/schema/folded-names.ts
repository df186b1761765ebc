const RESERVED = /^_(airbyte|ab_cdc)_/;

/** Names that destinations may not tell apart. */
export interface NameCollisions {
  /** Names that become the same, two or more together. */
  readonly groups: readonly (readonly string[])[];
  /** Names that become those of columns which Airbyte itself adds, or gives a meaning to. */
  readonly reserved: readonly string[];
}

/** Finds the names that become the same in a destination, or that Airbyte's own columns have there. */
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

/** What destinations make of a name: lower case, without accents, `_` for every sign and before a leading digit. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '_')
    .replace(/^(?=\p{N})/u, '_');
}
