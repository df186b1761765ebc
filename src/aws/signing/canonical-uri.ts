import type { HttpRequest } from '@smithy/types';

type Target = Pick<HttpRequest, 'path' | 'query'>;

/** The path and query of a request as they are sent; the path is already encoded. */
export function renderTarget({ path, query = {} }: Target): string {
  const pairs = encodeQuery(query);
  return pairs.length === 0 ? path : `${path}?${joinPairs(pairs)}`;
}

/**
 * The path and query of a request as they are signed, each on a line.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalTarget({ path, query = {} }: Target): string {
  // What is already encoded is encoded once more, and empty parts and dots are resolved.
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(encode(part));
  }
  const end = parts.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${parts.join('/')}${end}\n${joinSorted(query)}`;
}

/** A query as it is signed: by names, and then by values. */
export function joinSorted(query: NonNullable<HttpRequest['query']>): string {
  return joinPairs(encodeQuery(query).sort(comparePairs));
}

/** Name and value, encoded. */
type Pair = readonly [string, string];

function encodeQuery(query: NonNullable<HttpRequest['query']>): Pair[] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): Pair => [encode(name), encode(one ?? '')]),
  );
}

function joinPairs(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** By the name, and then by the value. */
function comparePairs([nameA, valueA]: Pair, [nameB, valueB]: Pair): number {
  const [a, b] = nameA === nameB ? [valueA, valueB] : [nameA, nameB];
  return a < b ? -1 : Number(a > b);
}

/** Encodes everything except letters, digits and `-._~`, as AWS requires. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
