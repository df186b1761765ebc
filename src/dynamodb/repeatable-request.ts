import type { HttpRequest, RequestSigner } from '@smithy/types';

// What is of one request only; the signer, or the copy, writes its own.
const OWN_HEADERS = new Set([
  'authorization',
  'content-length',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
]);

// AWS4-HMAC-SHA256 Credential=AKIA…/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=…
const CREDENTIAL_SCOPE = /Credential=[^,]+\/([^/,]+)\/([^/,]+)\/aws4_request/;

/** A signed request of the SDK's, of which copies with other bodies are made. */
export class RepeatableRequest {
  readonly #request: HttpRequest;
  readonly #scope: { readonly signingRegion: string; readonly signingService: string };

  private constructor(request: HttpRequest, region: string, service: string) {
    this.#request = request;
    this.#scope = { signingRegion: region, signingService: service };
  }

  /** Undefined for a request that is not signed as AWS's are. */
  static from(request: HttpRequest): RepeatableRequest | undefined {
    const [, region, service] = CREDENTIAL_SCOPE.exec(request.headers.authorization ?? '') ?? [];
    if (region === undefined || service === undefined) return undefined;
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())),
    );
    return new RepeatableRequest({ ...request, headers }, region, service);
  }

  /**
   * The same request with this body, signed with the signer's credentials of now.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
   */
  async copy(body: string, signer: RequestSigner, signingDate: Date): Promise<HttpRequest> {
    const headers = {
      ...this.#request.headers,
      'content-length': String(Buffer.byteLength(body)),
    };
    return signer.sign({ ...this.#request, headers, body }, { ...this.#scope, signingDate });
  }
}
