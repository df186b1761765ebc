import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { ConnectorError, TransientError } from '../../errors.ts';
import { HttpClient, type HttpRequestParts } from '../http/http-client.ts';
import type { ConnectionTimeouts } from '../http/http-connection.ts';
import { toOrigin } from '../http/origin.ts';
import type { FindProxy } from '../proxies/proxy.ts';
import { LARGEST_BODY_BYTES, PageBuffer } from './page-buffer.ts';

/** How long DynamoDB is waited for. */
const DYNAMODB_TIMEOUTS: ConnectionTimeouts = {
  // A host that does not even accept the connection in this time is not there. The SDK's three attempts fit into the half
  // minute of `check`, which can say then what they came to.
  connectMs: 9000,
  // DynamoDB answers a Scan in well under a second; a minute without a byte means that the connection is dead.
  silenceMs: 60_000,
  // Where 64 segments share a link, half a megabit a second is enough for their pages in this time.
  answerMs: 30 * 60_000,
  // Shorter than the time after which AWS closes an unused connection.
  keepAliveMs: 10_000,
};

/** How long STS, and what else gives credentials, is waited for: they answer in a fraction of a second. */
export const STS_TIMEOUTS: ConnectionTimeouts = {
  connectMs: 5000,
  silenceMs: 5000,
  answerMs: 5000,
  keepAliveMs: 1000,
};

const EMPTY_BODY = new TextEncoder().encode('{}');
const inflate = promisify(gunzip);

/** Options of a request; with a page buffer, the body of a successful answer is gathered there. */
export interface PageRequestOptions extends HttpHandlerOptions {
  readonly pageBuffer?: PageBuffer;
  /** Whether the server is asked to compress the answer. */
  readonly isCompressed?: boolean;
  /** Outcomes of attempts that were made without the SDK. Each is taken, and given to the SDK instead of an attempt. */
  readonly firstAttempts?: AttemptOutcome[];
  /** Told of each request that is sent for the SDK. */
  readonly onRequest?: (request: HttpRequest) => void;
}

/** What came of one attempt. */
export type AttemptOutcome = PromiseSettledResult<{ readonly response: HttpResponse }>;

/**
 * The SDK's way to HTTP: it gathers each body in one buffer and checks its CRC-32, as the SDK does not.
 *
 * The body of a page stays in the caller's buffer, and the SDK is given `{}` to parse: it signs, retries and turns
 * errors into exceptions, but never sees an item.
 */
export class SdkHttpHandler implements RequestHandler<
  HttpRequest,
  HttpResponse,
  PageRequestOptions
> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #client: HttpClient;

  constructor(findProxy: FindProxy, timeouts: ConnectionTimeouts = DYNAMODB_TIMEOUTS) {
    this.#client = new HttpClient(timeouts, findProxy);
  }

  /** Sends a request of the SDK's, unless it is given the outcome of an earlier attempt. */
  async handle(
    request: HttpRequest,
    options: PageRequestOptions = {},
  ): Promise<{ response: HttpResponse }> {
    const outcome = options.firstAttempts?.shift();
    if (outcome?.status === 'fulfilled') return outcome.value;
    if (outcome !== undefined) throw outcome.reason;
    options.onRequest?.(request);
    return this.exchange(request, options);
  }

  /**
   * Sends a signed request and gathers its answer.
   *
   * @throws what the SDK may try again, marked so, a ConnectorError or an AbortError.
   */
  async exchange(
    request: HttpRequest,
    options: PageRequestOptions,
  ): Promise<{ response: HttpResponse }> {
    const buffer = options.pageBuffer ?? new PageBuffer();
    const parts = toRequestParts(request, options.isCompressed === true);
    const signal = options.abortSignal as AbortSignal | undefined;
    const { statusCode, headers } = await this.#client
      .send(parts, buffer, signal)
      .catch(rethrowRetryable);
    checkCrc32(buffer, headers);
    const isPage = options.pageBuffer !== undefined && statusCode === 200;
    const coding = headers['content-encoding'];
    if (coding !== undefined) await decode(buffer, coding, isPage);
    return {
      response: { statusCode, headers: { ...headers }, body: isPage ? EMPTY_BODY : buffer.body },
    };
  }

  // The SDK reads and writes the handler's settings through these two; this handler has none.
  updateHttpClientConfig(): void {
    return;
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {
    this.#client.close();
  }
}

function toRequestParts(request: HttpRequest, isCompressed: boolean): HttpRequestParts {
  return {
    origin: toOrigin(request.protocol, request.hostname, request.port),
    method: request.method,
    target: renderTarget(request),
    // Headers that are not signed may be added.
    headers: isCompressed ? { ...request.headers, 'accept-encoding': 'gzip' } : request.headers,
    body: (request.body ?? '') as string | Uint8Array,
  };
}

function renderTarget({ path, query = {} }: HttpRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one ?? ''].map(encode).join('=')),
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** As AWS wants it in what is signed. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The CRC-32 is that of the body as it was sent, compressed or not. */
function checkCrc32(buffer: PageBuffer, headers: Readonly<Record<string, string>>): void {
  const expected = headers['x-amz-crc32'];
  if (expected === undefined || buffer.crc32() === Number(expected)) return;
  const error = new Error(`The CRC-32 of ${buffer.body.length} bytes is not ${expected}`);
  throw Object.assign(error, { name: 'CRC32CheckFailed', $retryable: { throttling: false } });
}

/**
 * Undoes the coding of a body. Inflates on the thread pool, so that the next page is transcoded meanwhile.
 *
 * @param coding as in `content-encoding`. Only gzip was asked for; what a gateway makes of an error does not matter.
 */
async function decode(buffer: PageBuffer, coding: string, isPage: boolean): Promise<void> {
  const name = coding.toLowerCase();
  if (name === '' || name === 'identity') return;
  if (name !== 'gzip' && name !== 'x-gzip') {
    if (!isPage) return;
    throw new TransientError(
      `The answer is coded as ${coding}, which was not asked for. Check the gateways on the way, and try again.`,
    );
  }
  const options = { maxOutputLength: LARGEST_BODY_BYTES };
  const body = await inflate(buffer.body, options).catch(rethrowRetryable);
  buffer.start(body.length);
  buffer.append(body);
}

/** Tells the SDK that what broke on the way may be tried again. */
function rethrowRetryable(error: unknown): never {
  if (!(error instanceof Error) || error instanceof ConnectorError) throw error;
  if (error.name === 'AbortError') throw error;
  throw Object.assign(error, { $retryable: { throttling: false } });
}
