import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Origin, serverNameOf } from './origin.ts';
import { type BodySink, type ResponseHead, ResponseParser } from './response-parser.ts';

/** How long to wait. */
export interface ConnectionTimeouts {
  /** For the connection, its TLS included; through a proxy, for the tunnel and then again for TLS. */
  readonly connectMs: number;
  /** For the next byte of a response. */
  readonly silenceMs: number;
  /** For a whole response. */
  readonly answerMs: number;
  /** For the next request; a server may have closed the connection meanwhile. */
  readonly keepAliveMs: number;
}

/** A connection or an answer that did not come in time. */
export class HttpTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ETIMEDOUT';
}

/** A connection that ended in the middle of a response, or before it. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  readonly code = 'ECONNRESET';
}

interface Exchange {
  readonly parser: ResponseParser;
  /** Milliseconds of `performance.now`. */
  readonly startedAt: number;
  readonly resolve: (head: ResponseHead) => void;
  readonly reject: (error: Error) => void;
}

// For heads, chunked bodies and the beginnings of other bodies.
const READ_BUFFER_BYTES = 64 * 1024;

/**
 * One kept-alive connection, which serves one request at a time.
 *
 * Bytes of a body are read straight into its sink, and other bytes into one buffer that is reused: Node's own HTTP
 * makes a new one for every read, and collecting those took a fifth of the time of a scan. Through a proxy, Node makes
 * them here too.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #timeouts: ConnectionTimeouts;
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  #exchange: Exchange | undefined;
  #failure: Error | undefined;
  #received = false;
  /** Milliseconds of `performance.now`; Infinity until it has served a request. */
  #idleSince = Infinity;

  /** @param tunnel to the origin, which the connection goes through if there is one. */
  constructor(origin: Origin, timeouts: ConnectionTimeouts, tunnel?: Socket) {
    this.#timeouts = timeouts;
    const buffer = (): Uint8Array => this.#exchange?.parser.room ?? this.#readBuffer;
    const callback = (length: number, filled: Uint8Array): boolean => {
      this.#onRead(length, filled);
      return true;
    };
    this.#socket = openSocket(origin, { buffer, callback }, tunnel);
    // Through a tunnel, Node reads into buffers of its own.
    if (tunnel !== undefined) {
      this.#socket.on('data', (bytes) => {
        this.#advance((parser) => parser.push(bytes));
      });
    }
    this.#socket.setNoDelay(true);
    this.#socket.setTimeout(timeouts.connectMs);
    this.#socket.on(origin.isTls ? 'secureConnect' : 'connect', () => {
      this.#socket.setTimeout(timeouts.silenceMs);
    });
    this.#socket.on('timeout', () => {
      const what = this.#socket.connecting ? 'connection' : 'answer';
      this.#fail(new HttpTimeoutError(`No ${what} in ${this.#socket.timeout ?? 0} ms`));
    });
    this.#socket.on('error', (error) => {
      this.#fail(error);
    });
    this.#socket.on('end', () => {
      this.#onEnd();
    });
    this.#socket.on('close', () => {
      this.#fail(new ConnectionClosedError('The connection was closed'));
    });
  }

  /** Whether it can take a request. */
  get isUsable(): boolean {
    if (this.#failure !== undefined || this.#exchange !== undefined) return false;
    return performance.now() - this.#idleSince <= this.#timeouts.keepAliveMs;
  }

  /** Whether any byte of the current or last response has arrived. */
  get hasReceived(): boolean {
    return this.#received;
  }

  /**
   * Sends a request and gathers the response's body in the sink.
   *
   * @throws HttpTimeoutError, ConnectionClosedError, HttpProtocolError, or Node's own error of the socket.
   */
  send(request: Uint8Array, sink: BodySink): Promise<ResponseHead> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#received = false;
      const startedAt = performance.now();
      this.#exchange = { parser: new ResponseParser(sink), startedAt, resolve, reject };
      this.#idleSince = Infinity;
      this.#socket.ref();
      this.#socket.write(request);
    });
  }

  /** Keeps the connection open for a later request; meanwhile it does not keep the process alive. */
  idle(): void {
    this.#idleSince = performance.now();
    this.#socket.unref();
  }

  /** Closes the connection; a running request fails with this error. */
  close(error: Error = new ConnectionClosedError('The connection was closed')): void {
    this.#fail(error);
  }

  #onRead(length: number, filled: Uint8Array): void {
    this.#advance((parser) =>
      filled === this.#readBuffer
        ? parser.push(this.#readBuffer.subarray(0, length))
        : parser.commit(length),
    );
  }

  /** @param take lets the parser take what arrived; returns whether the answer is complete. */
  #advance(take: (parser: ResponseParser) => boolean): void {
    const exchange = this.#exchange;
    // Nothing was requested: whatever this is, the connection cannot be trusted any longer.
    if (exchange === undefined) {
      this.close();
      return;
    }
    this.#received = true;
    try {
      if (take(exchange.parser)) this.#complete(exchange);
      else this.#limit(exchange);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** The socket notices silence; this notices a server that sends, but too slowly. */
  #limit({ startedAt }: Exchange): void {
    const { answerMs } = this.#timeouts;
    if (performance.now() - startedAt <= answerMs) return;
    this.#fail(new HttpTimeoutError(`No whole answer in ${answerMs} ms`));
  }

  #onEnd(): void {
    if (this.#exchange?.parser.end() === true) this.#complete(this.#exchange);
    this.#fail(new ConnectionClosedError('The server closed the connection'));
  }

  #complete({ parser, resolve, reject }: Exchange): void {
    this.#exchange = undefined;
    const { head } = parser;
    if (head === undefined) reject(new ConnectionClosedError('The answer has no head'));
    else resolve(head);
    if (!parser.isReusable) this.close();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#socket.destroy();
    exchange?.reject(error);
  }
}

function openSocket(origin: Origin, onread: OnReadOpts, tunnel?: Socket): Socket {
  const { isTls, hostname, port } = origin;
  const way = { host: hostname, port, onread };
  if (!isTls) return connectTcp(way);
  const options = { ...serverNameOf(origin), ALPNProtocols: ['http/1.1'] };
  return tunnel === undefined
    ? connectTls({ ...options, ...way })
    : connectTls({ ...options, socket: tunnel, host: hostname });
}
