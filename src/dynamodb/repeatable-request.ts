import { createHmac, hash } from 'node:crypto';
import type { AwsCredentialIdentity, HttpRequest } from '@smithy/types';
import { SigningKey } from './signing-key.ts';

// What is of one request only.
const OWN_HEADERS = new Set([
  'authorization',
  'content-length',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
]);
// Those of them that a copy has too, beside its authorization; the last one only with temporary credentials.
const COPIED_HEADERS = ['content-length', 'x-amz-content-sha256', 'x-amz-date'];
const TOKEN_HEADER = 'x-amz-security-token';

// AWS4-HMAC-SHA256 Credential=AKIA…/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=content-length;host;…, …
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^,]+\/([^/,]+\/[^/,]+\/aws4_request), SignedHeaders=([^,]+),/;

/**
 * A signed request of the SDK's, of which copies with other bodies are made.
 *
 * A copy signs the headers that the SDK has signed. The SDK's signer works all of it out anew for each request, which
 * takes as long as half of transcoding a page.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class RepeatableRequest {
  readonly #request: HttpRequest;
  /** Names of the SDK's headers that are signed. */
  readonly #signed: readonly string[];
  readonly #key: SigningKey;

  private constructor(request: HttpRequest, signed: readonly string[], scope: string) {
    this.#request = request;
    this.#signed = signed;
    this.#key = new SigningKey(scope);
  }

  /** Undefined for a request that is not signed as AWS's are, or whose path would have to be encoded to be signed. */
  static from(request: HttpRequest): RepeatableRequest | undefined {
    const [, scope, names] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
    if (scope === undefined || names === undefined) return undefined;
    if (request.path !== '/' || Object.keys(request.query ?? {}).length > 0) return undefined;
    const headers = Object.fromEntries(
      Object.entries(request.headers)
        .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')] as const)
        .filter(([name]) => !OWN_HEADERS.has(name)),
    );
    const signed = names.split(';').filter((name) => !OWN_HEADERS.has(name));
    return new RepeatableRequest({ ...request, headers }, signed, scope);
  }

  /** The same request with this body, signed with these credentials. */
  copy(body: string, credentials: AwsCredentialIdentity, signingDate: Date): HttpRequest {
    const { method } = this.#request;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const isTemporary = sessionToken !== undefined && sessionToken !== '';
    const bodyHash = hash('sha256', body);
    const date = signingDate.toISOString().replace(/[-:]|\.\d+/g, '');
    const headers: Record<string, string> = {
      ...this.#request.headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': date,
      ...(isTemporary && { [TOKEN_HEADER]: sessionToken }),
    };
    const names = [
      ...this.#signed,
      ...COPIED_HEADERS,
      ...(isTemporary ? [TOKEN_HEADER] : []),
    ].sort();
    const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
    const signedHeaders = names.join(';');
    const canonicalRequest = `${method}\n/\n\n${lines}\n${signedHeaders}\n${bodyHash}`;
    const { scope, key } = this.#key.of(secretAccessKey, date.slice(0, 8));
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonicalRequest)}`;
    const signature = createHmac('sha256', key).update(text).digest('hex');
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return { ...this.#request, headers, body };
  }
}
