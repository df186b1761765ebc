import { formatCount } from './figures.ts';

// DynamoDB accepts names of 64 KB.
const LONGEST_NAME_CHARACTERS = 100;

/** The name of an attribute in quotes, shortened if it is long. */
export function quoteName(name: string): string {
  const isLong = name.length > LONGEST_NAME_CHARACTERS;
  return JSON.stringify(isLong ? `${name.slice(0, LONGEST_NAME_CHARACTERS)}…` : name);
}

/** Parts of a sentence as a list, shortened if there are too many to read: `"a", "b" and 4 more`. */
export function listSome(parts: readonly string[], most: number): string {
  const others = parts.length - most;
  return parts.slice(0, most).join(', ') + (others > 0 ? ` and ${formatCount(others)} more` : '');
}
