import { hash } from 'node:crypto';
import type { AwsCredentialIdentity, HttpRequest } from '@smithy/types';
import { SystemError } from '../../errors.ts';
import { canonicalTarget } from './canonical-uri.ts';
import { sign, SigningKeys } from './signing-keys.ts';

// Present only with temporary credentials.
const TOKEN_HEADER = 'x-amz-security-token';
// What each copy has of its own, besides the token and the authorization.
const COPIED_HEADERS = ['content-length', 'x-amz-content-sha256', 'x-amz-date'];
// What belongs to one request only.
const OWN_HEADERS = new Set([
  ...COPIED_HEADERS,
  TOKEN_HEADER,
  'authorization',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
]);

// AWS4-HMAC-SHA256 Credential=AKIA…/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=content-length;host;…, …
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^,]+\/([^/,]+\/[^/,]+\/aws4_request), SignedHeaders=([^,]+),/;

/**
 * A request that the SDK signed, which is copied with other bodies.
 *
 * A copy signs the headers that the SDK signed. The SDK's signer works everything out again for each request, which
 * takes half as long as transcoding a page.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class RepeatableRequest {
  readonly #request: HttpRequest;
  /** Names of the headers that the SDK signed. */
  readonly #signed: readonly string[];
  readonly #keys: SigningKeys;
  /** Method, path and query as they are signed. */
  readonly #target: string;
  #lastForm: CanonicalForm | undefined;
  #lastDate: { readonly second: number; readonly text: string } | undefined;

  private constructor(request: HttpRequest, signed: readonly string[], scope: string) {
    this.#request = request;
    this.#signed = signed;
    this.#keys = new SigningKeys(scope);
    this.#target = `${request.method}\n${canonicalTarget(request)}\n`;
  }

  /** @throws SystemError for a request that is not signed as AWS requests are. */
  static from(request: HttpRequest): RepeatableRequest {
    const [, scope, names] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
    if (scope === undefined || names === undefined) {
      throw new SystemError('The AWS SDK did not sign a request with Signature Version 4.');
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers)
        .map(([name, value]) => [name.toLowerCase(), value] as const)
        .filter(([name]) => !OWN_HEADERS.has(name)),
    );
    const signed = names.split(';').filter((name) => !OWN_HEADERS.has(name));
    return new RepeatableRequest({ ...request, headers }, signed, scope);
  }

  /** The same request with this body, signed with these credentials. */
  copy(body: string, credentials: AwsCredentialIdentity, signingDate: Date): HttpRequest {
    const { sessionToken: token = '' } = credentials;
    const headers: Record<string, string> = {
      ...this.#request.headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-content-sha256': hash('sha256', body),
      'x-amz-date': this.#formatDate(signingDate),
      ...(token !== '' && { [TOKEN_HEADER]: token }),
    };
    headers.authorization = this.#authorize(headers, credentials);
    return { ...this.#request, headers, body };
  }

  #authorize(
    headers: Readonly<Record<string, string>>,
    { accessKeyId, secretAccessKey }: AwsCredentialIdentity,
  ): string {
    const { 'x-amz-date': date = '', 'x-amz-content-sha256': bodyHash = '' } = headers;
    const { signedHeaders, lines } = this.#canonicalForm(TOKEN_HEADER in headers);
    let canonicalRequest = this.#target;
    for (const { name, text } of lines) canonicalRequest += text ?? renderLine(name, headers);
    canonicalRequest += `\n${signedHeaders}\n${bodyHash}`;
    const { scope, key } = this.#keys.derive(secretAccessKey, date.slice(0, 8));
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonicalRequest)}`;
    const signature = sign(key, text).toString('hex');
    return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  }

  /** Formats a date like 20240131T235959Z; copies within a second share it. */
  #formatDate(date: Date): string {
    const second = Math.floor(date.getTime() / 1000);
    if (this.#lastDate?.second !== second) {
      const text = date.toISOString().replace(/[-:]|\.\d+/g, '');
      this.#lastDate = { second, text };
    }
    return this.#lastDate.text;
  }

  /** Does not change from copy to copy, unless long-lived and temporary credentials alternate. */
  #canonicalForm(hasToken: boolean): CanonicalForm {
    if (this.#lastForm?.hasToken !== hasToken) {
      const { headers } = this.#request;
      const own = hasToken ? [...COPIED_HEADERS, TOKEN_HEADER] : COPIED_HEADERS;
      const names = [...this.#signed.filter((name) => name in headers), ...own].sort();
      this.#lastForm = {
        hasToken,
        signedHeaders: names.join(';'),
        lines: names.map((name) =>
          name in headers ? { name, text: renderLine(name, headers) } : { name },
        ),
      };
    }
    return this.#lastForm;
  }
}

/** How the headers are signed. */
interface CanonicalForm {
  readonly hasToken: boolean;
  /** content-length;content-type;host;… */
  readonly signedHeaders: string;
  /** A line for each header, in order; without text for a header that differs in each copy. */
  readonly lines: readonly { readonly name: string; readonly text?: string }[];
}

function renderLine(name: string, headers: Readonly<Record<string, string>>): string {
  return `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`;
}
