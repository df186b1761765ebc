const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Parses JSON as JSON.parse should.
 *
 * The V8 of Node 24 may confuse a member name that contains an escape with one that it has seen before and that ends in
 * a backslash: after `{"\\":1}`, `{"\"":1}` has the name `\`. So such names are replaced before parsing, and put back
 * after.
 *
 * @throws SyntaxError like JSON.parse.
 */
export function parseJson(text: string): unknown {
  if (!text.includes('\\')) return JSON.parse(text);
  const mark = findMark(text);
  const names: string[] = [];
  const marked = text.replace(STRING, (token, colon: string | undefined) => {
    if (colon === undefined || !token.includes('\\')) return token;
    names.push(JSON.parse(token.slice(0, -colon.length)) as string);
    return `"${mark}${names.length - 1}"${colon}`;
  });
  // Errors of JSON.parse should be about the text itself.
  if (names.length === 0) return JSON.parse(text);
  const restoreName = (name: string): string =>
    name.startsWith(mark) ? (names[Number(name.slice(mark.length))] ?? name) : name;
  return mapNames(JSON.parse(marked), restoreName);
}

/** Finds a mark that does not occur in the text. */
function findMark(text: string): string {
  let mark = '~';
  while (text.includes(mark)) mark += '~';
  return mark;
}

function mapNames(value: unknown, map: (name: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => mapNames(member, map));
  const entries = Object.entries(value);
  // Unlike an assignment, this can create a member called `__proto__`.
  return Object.fromEntries(entries.map(([name, member]) => [map(name), mapNames(member, map)]));
}
