/**
 * Returns the same value with every string trimmed, and without what is blank (null or an empty string).
 *
 * Airbyte's forms send empty text for fields that the user left empty, and pasted keys often have blanks around them.
 */
export function cleanInput(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(cleanInput).filter((member) => !isBlank(member));
  if (typeof value !== 'object' || value === null) return value;
  const cleaned = Object.entries(value)
    .map(([name, member]): [string, unknown] => [name, cleanInput(member)])
    .filter(([, member]) => !isBlank(member));
  return Object.fromEntries(cleaned);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
