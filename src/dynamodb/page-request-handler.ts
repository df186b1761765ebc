import { crc32 } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { PageBuffer } from './page-buffer.ts';

// A host that does not even accept the connection in this time is not there.
const CONNECT_TIMEOUT_MS = 10_000;
// DynamoDB answers a Scan in well under a second; a minute without a byte means that the connection is dead.
const SILENCE_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 20_000;

const EMPTY_BODY = new TextEncoder().encode('{}');

/** Options of a request; with a page buffer, the body of a successful answer is gathered there. */
export interface PageRequestOptions extends HttpHandlerOptions {
  readonly pageBuffer?: PageBuffer;
}

interface Gathered {
  statusCode: number;
  headers: Record<string, string>;
}

/**
 * The SDK's way to HTTP: it gathers each body in one buffer and checks its CRC-32, as the SDK does not.
 *
 * The body of a page stays in the caller's buffer, and the SDK is given `{}` to parse: it signs, retries and turns
 * errors into exceptions, but never sees an item.
 */
export class PageRequestHandler implements RequestHandler<
  HttpRequest,
  HttpResponse,
  PageRequestOptions
> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  });

  async handle(
    request: HttpRequest,
    options: PageRequestOptions = {},
  ): Promise<{ response: HttpResponse }> {
    const buffer = options.pageBuffer ?? new PageBuffer();
    const { statusCode, headers } = await this.#gather(
      request,
      buffer,
      options.abortSignal as AbortSignal | undefined,
    );
    checkCrc32(buffer.body, headers);
    const isPage = options.pageBuffer !== undefined && statusCode === 200;
    return { response: { statusCode, headers, body: isPage ? EMPTY_BODY : buffer.body } };
  }

  // The SDK reads and writes the handler's settings through these two; this handler has none.
  updateHttpClientConfig(): void {
    return;
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {
    void this.#agent.destroy();
  }

  #gather(request: HttpRequest, buffer: PageBuffer, signal?: AbortSignal): Promise<Gathered> {
    return new Promise((resolve, reject) => {
      let abortRequest: ((error: Error) => void) | undefined;
      const onAbort = (): void => {
        const error = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
        reject(error);
        abortRequest?.(error);
      };
      const settle = (settleIt: () => void): void => {
        signal?.removeEventListener('abort', onAbort);
        settleIt();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
      const gathered: Gathered = { statusCode: 0, headers: {} };
      this.#agent.dispatch(toDispatchOptions(request), {
        onConnect: (abort) => {
          abortRequest = abort;
          if (signal?.aborted === true) onAbort();
        },
        onHeaders: (statusCode, rawHeaders) => {
          gathered.statusCode = statusCode;
          gathered.headers = parseHeaders(rawHeaders);
          buffer.start(Number(gathered.headers['content-length'] ?? 0));
          return true;
        },
        onData: (chunk) => {
          buffer.append(chunk);
          return true;
        },
        onComplete: () => {
          buffer.finish();
          settle(() => {
            resolve(gathered);
          });
        },
        onError: (error) => {
          settle(() => {
            reject(markRetryable(error));
          });
        },
      });
    });
  }
}

function toDispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  const port = request.port === undefined ? '' : `:${request.port}`;
  return {
    origin: `${request.protocol}//${request.hostname}${port}`,
    path: request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers: request.headers,
    body: request.body as string | Uint8Array,
  };
}

function parseHeaders(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers[String(raw[i]).toLowerCase()] = String(raw[i + 1]);
  }
  return headers;
}

function checkCrc32(body: Buffer, headers: Readonly<Record<string, string>>): void {
  const expected = headers['x-amz-crc32'];
  if (expected === undefined || crc32(body) === Number(expected)) return;
  const error = new Error(`The CRC-32 of ${body.length} bytes is not ${expected}`);
  throw Object.assign(error, { name: 'CRC32CheckFailed', $retryable: { throttling: false } });
}

/** Tells the SDK that a broken connection may be tried again; it knows Node's own codes, but not undici's. */
function markRetryable(error: Error): Error {
  if (error.name === 'AbortError') return error;
  return Object.assign(error, { $retryable: { throttling: false } });
}
