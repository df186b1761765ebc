import {
  type ConnectionTimeouts,
  HttpConnection,
  HttpTimeoutError,
  type Origin,
} from './http-connection.ts';
import type { BodySink, ResponseHead } from './response-parser.ts';

/** A request, with all of its headers. */
export interface HttpRequestParts {
  readonly origin: Origin;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How long is waited for what. */
export interface HttpClientOptions extends ConnectionTimeouts {
  /** How long an unused connection is kept. */
  readonly keepAliveMs: number;
}

/**
 * A small HTTP/1.1 client for many large answers of few servers, over kept-alive connections.
 *
 * It does not follow redirects, and answers of any status are answers.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #idle = new Map<string, HttpConnection[]>();

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a request and gathers the response's body in the sink, which may be started anew when it is sent again.
   *
   * A server may close a kept connection in the moment in which it is used again; then the request is sent once more
   * over a new one, so it has to be idempotent. One that was not answered in time is not sent again.
   *
   * @throws an AbortError when the signal is aborted, and what HttpConnection throws.
   */
  async send(
    request: HttpRequestParts,
    sink: BodySink,
    signal: AbortSignal | undefined,
  ): Promise<ResponseHead> {
    const bytes = renderRequest(request);
    const kept = this.#takeIdle(request.origin);
    if (kept !== undefined) {
      try {
        return await this.#exchange(kept, request.origin, bytes, sink, signal);
      } catch (error) {
        const wasClosed = !kept.hasReceived && !(error instanceof HttpTimeoutError);
        if (!wasClosed || signal?.aborted === true) throw error;
      }
    }
    const fresh = new HttpConnection(request.origin, this.#options);
    return this.#exchange(fresh, request.origin, bytes, sink, signal);
  }

  /** Closes the connections that are not in use. */
  close(): void {
    for (const connections of this.#idle.values()) {
      for (const connection of connections) connection.close();
    }
    this.#idle.clear();
  }

  async #exchange(
    connection: HttpConnection,
    origin: Origin,
    bytes: Uint8Array,
    sink: BodySink,
    signal: AbortSignal | undefined,
  ): Promise<ResponseHead> {
    const onAbort = (): void => {
      const error = new Error('The request was aborted');
      connection.close(Object.assign(error, { name: 'AbortError' }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      const head = await connection.send(bytes, sink);
      if (connection.isUsable) this.#keep(origin, connection);
      return head;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #takeIdle(origin: Origin): HttpConnection | undefined {
    const connections = this.#idle.get(keyOf(origin)) ?? [];
    for (;;) {
      const connection = connections.pop();
      if (connection === undefined || connection.isUsable) return connection;
    }
  }

  #keep(origin: Origin, connection: HttpConnection): void {
    connection.idle(this.#options.keepAliveMs);
    const key = keyOf(origin);
    // Those that were closed meanwhile would hold their read buffers for as long as newer ones suffice.
    const usable = (this.#idle.get(key) ?? []).filter((kept) => kept.isUsable);
    this.#idle.set(key, [...usable, connection]);
  }
}

function keyOf({ isTls, hostname, port }: Origin): string {
  return `${isTls ? 'https' : 'http'}://${hostname}:${port}`;
}

function renderRequest({ method, target, headers, body }: HttpRequestParts): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  if (typeof body === 'string') return Buffer.from(head + body);
  return Buffer.concat([Buffer.from(head), body]);
}
