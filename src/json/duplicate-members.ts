/** An object or a list that contains the current place in the text, and which member or entry the place is in. */
interface OpenValue {
  readonly names: Set<string> | undefined;
  step: string | number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/gs;

/** Finds members that an object in a valid JSON text has more than once; returns their places, like `scan.segments`. */
export function findDuplicateMembers(text: string): readonly string[] {
  const duplicates: string[] = [];
  const open: OpenValue[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ names: new Set(), step: '' });
    else if (token === '[') open.push({ names: undefined, step: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (typeof inside?.step === 'number') inside.step += 1;
    } else if (colon !== undefined && inside?.names !== undefined) {
      inside.step = JSON.parse(token.slice(0, -colon.length)) as string;
      if (inside.names.has(inside.step)) duplicates.push(open.map(({ step }) => step).join('.'));
      inside.names.add(inside.step);
    }
  }
  return [...new Set(duplicates)];
}
