/** Entries ordered by their names, by code unit: the same everywhere, whatever the locale. */
export function sortByName<T>(entries: readonly (readonly [string, T])[]): [string, T][] {
  return entries.map(([name, value]): [string, T] => [name, value]).sort(compareNames);
}

/** Compares two entries by their names. */
export function compareNames([a]: readonly [string, unknown], [b]: readonly [string, unknown]) {
  return a < b ? -1 : 1;
}
