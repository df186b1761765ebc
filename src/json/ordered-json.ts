/**
 * Writes JSON text in which the entries of each Map, written as an object, keep their order. JavaScript's own objects
 * do not keep it: they put integer-like names such as `2024` first.
 *
 * @param indent indents each level; without it, everything is on one line.
 */
export function stringifyOrdered(value: unknown, indent = ''): string {
  return stringify(value, indent, indent === '' ? '' : '\n');
}

function stringify(value: unknown, indent: string, lineStart: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = lineStart === '' ? '' : lineStart + indent;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Array.isArray(value)
    ? value.map((member) => stringify(member, indent, inner))
    : listEntries(value).map(([name, member]) => {
        const colon = inner === '' ? ':' : ': ';
        return `${JSON.stringify(name)}${colon}${stringify(member, indent, inner)}`;
      });
  if (members.length === 0) return `${open}${close}`;
  return `${open}${inner}${members.join(`,${inner}`)}${lineStart}${close}`;
}

function listEntries(value: object): readonly (readonly [string, unknown])[] {
  const entries =
    value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  return entries.filter(([, member]) => member !== undefined);
}
