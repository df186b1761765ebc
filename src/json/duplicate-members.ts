/** An object or a list that contains the current place in the text, and which member or entry the place is in. */
interface OpenValue {
  /** Of an object: whether all values that a member had so far were null. */
  readonly nulls: Map<string, boolean> | undefined;
  step: string | number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:(\s*null)?)?|[{}[\],]/gs;

/**
 * Finds members that an object in a valid JSON text has more than once; returns their places, like `scan.segments`.
 *
 * A member that is null each time says nothing: PyAirbyte writes `"global_":null` twice into a state that it has read.
 */
export function findDuplicateMembers(text: string): readonly string[] {
  const duplicates: string[] = [];
  const open: OpenValue[] = [];
  for (const [token, colon, nothing] of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ nulls: new Map(), step: '' });
    else if (token === '[') open.push({ nulls: undefined, step: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (typeof inside?.step === 'number') inside.step += 1;
    } else if (colon !== undefined && inside?.nulls !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const wasNull = inside.nulls.get(name);
      const isNull = nothing !== undefined && wasNull !== false;
      inside.step = name;
      inside.nulls.set(name, isNull);
      if (wasNull !== undefined && !isNull) duplicates.push(open.map(({ step }) => step).join('.'));
    }
  }
  return [...new Set(duplicates)];
}
