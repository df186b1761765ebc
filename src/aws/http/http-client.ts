import { AbortWatch, closeAborted } from './abort-watch.ts';
import { type ConnectionTimeouts, HttpConnection, HttpTimeoutError } from './http-connection.ts';
import { type Origin, renderOrigin } from './origin.ts';
import type { FindProxy } from '../proxies/proxy.ts';
import type { BodySink, ResponseHead } from './response-parser.ts';
import { openTunnel } from '../proxies/tunnel.ts';

/** A request, with all of its headers. */
export interface HttpRequestParts {
  readonly origin: Origin;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * A small HTTP/1.1 client for many large answers from a few servers, over kept-alive connections.
 *
 * It does not follow redirects, and answers of any status are answers.
 */
export class HttpClient {
  readonly #timeouts: ConnectionTimeouts;
  readonly #findProxy: FindProxy;
  /** By origin, the most recently used at the end. */
  readonly #idle = new Map<string, HttpConnection[]>();
  readonly #aborts = new AbortWatch();

  /** @param findProxy is asked for TLS connections only; servers without TLS are on this machine or near it. */
  constructor(timeouts: ConnectionTimeouts, findProxy: FindProxy) {
    this.#timeouts = timeouts;
    this.#findProxy = findProxy;
  }

  /**
   * Sends a request and gathers the response's body in the sink, which is started again if the request is sent again.
   *
   * A server may close a kept connection just as it is used again; then the request is sent once more over a new one,
   * so it has to be idempotent. A request that is not answered in time is not sent again.
   *
   * @throws an AbortError when the signal is aborted, and what HttpConnection and a proxy on the way throw.
   */
  async send(
    request: HttpRequestParts,
    sink: BodySink,
    signal: AbortSignal | undefined,
  ): Promise<ResponseHead> {
    const bytes = renderRequest(request);
    const idle = this.#idleAt(request.origin);
    const kept = takeUsable(idle);
    if (kept !== undefined) {
      try {
        return await this.#exchange(kept, idle, bytes, sink, signal);
      } catch (error) {
        const wasClosed = !kept.hasReceived && !(error instanceof HttpTimeoutError);
        if (!wasClosed || signal?.aborted === true) throw error;
      }
    }
    const fresh = await this.#connect(request.origin, signal);
    return this.#exchange(fresh, idle, bytes, sink, signal);
  }

  async #connect(origin: Origin, signal: AbortSignal | undefined): Promise<HttpConnection> {
    const proxy = origin.isTls ? this.#findProxy(origin) : undefined;
    const timeoutMs = this.#timeouts.connectMs;
    const tunnel = proxy && (await openTunnel({ proxy, origin, timeoutMs, signal }));
    return new HttpConnection(origin, this.#timeouts, tunnel);
  }

  /** Closes the connections that are not in use. */
  close(): void {
    for (const connections of this.#idle.values()) {
      for (const connection of connections.splice(0)) connection.close();
    }
    this.#aborts.forgetIdle();
  }

  /** @param idle where the connection is kept afterwards. */
  async #exchange(
    connection: HttpConnection,
    idle: HttpConnection[],
    bytes: Uint8Array,
    sink: BodySink,
    signal: AbortSignal | undefined,
  ): Promise<ResponseHead> {
    const atWork = signal && this.#aborts.connectionsOf(signal);
    atWork?.add(connection);
    if (signal?.aborted === true) closeAborted(connection);
    try {
      const head = await connection.send(bytes, sink);
      if (connection.isUsable) keep(connection, idle);
      return head;
    } finally {
      atWork?.delete(connection);
    }
  }

  #idleAt(origin: Origin): HttpConnection[] {
    const key = renderOrigin(origin);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    return idle;
  }
}

function takeUsable(idle: HttpConnection[]): HttpConnection | undefined {
  for (;;) {
    const connection = idle.pop();
    if (connection === undefined || connection.isUsable) return connection;
    connection.close();
  }
}

function keep(connection: HttpConnection, idle: HttpConnection[]): void {
  connection.idle();
  // Connections that are no longer usable, the longest unused first, would otherwise keep their read buffers for as
  // long as newer connections suffice.
  while (idle[0]?.isUsable === false) idle.shift()?.close();
  idle.push(connection);
}

function renderRequest({ method, target, headers, body }: HttpRequestParts): Uint8Array {
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (const name of Object.keys(headers)) head += `${name}: ${headers[name] ?? ''}\r\n`;
  head += '\r\n';
  if (typeof body === 'string') return Buffer.from(head + body);
  return Buffer.concat([Buffer.from(head), body]);
}
