/** In names up to this length one letter may be wrong; in longer ones two. */
const SHORT_NAME = 4;

/** The candidate that a name most likely means: one that differs in case or separators, or by a letter or two. */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  const folded = fold(name);
  const limit = name.length <= SHORT_NAME ? 1 : 2;
  const near = candidates
    .map((candidate) => ({ candidate, distance: countEdits(folded, fold(candidate)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** `accessKeyId`, `Access-Key-ID` and `access_key_id` are one name. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** The letters to insert, remove, replace or swap with their neighbour to turn one text into another. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
