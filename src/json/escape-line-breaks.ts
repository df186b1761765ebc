// The ones that JSON leaves bare. Python's `str.splitlines`, which Airbyte's tools use, takes them for ends of lines.
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** Writes the line breaks of Unicode in JSON text as escapes, `\u2028`, so that a line of it is one to every reader. */
export function escapeLineBreaks(json: string): string {
  return json.replace(LINE_BREAKS, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return String.raw`\u${code}`;
  });
}
