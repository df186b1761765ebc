// The ones that JSON does not escape. Python's `str.splitlines`, which Airbyte's tools use, takes them for line ends.
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** Escapes Unicode's line breaks in JSON text, as `\u2028`, so that every reader sees the same lines. */
export function escapeLineBreaks(json: string): string {
  return json.replace(LINE_BREAKS, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return String.raw`\u${code}`;
  });
}
