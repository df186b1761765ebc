import type { HttpRequest } from '@smithy/types';

type Target = Pick<HttpRequest, 'path' | 'query'>;

/** The path and query of a request as they are sent; the path is encoded already. */
export function renderTarget({ path, query = {} }: Target): string {
  const pairs = encodeQuery(query);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/**
 * The path and query of a request as they are signed, on a line each.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalTarget({ path, query = {} }: Target): string {
  // What is encoded already is encoded once more, and empty parts and dots are resolved.
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(encode(part));
  }
  const end = parts.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${parts.join('/')}${end}\n${encodeQuery(query).sort().join('&')}`;
}

function encodeQuery(query: NonNullable<HttpRequest['query']>): string[] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one ?? ''].map(encode).join('=')),
  );
}

/** As AWS wants it: all but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
