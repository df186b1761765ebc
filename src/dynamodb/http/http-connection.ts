import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type BodySink, type ResponseHead, ResponseParser } from './response-parser.ts';

/** Where a connection goes to. */
export interface Origin {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: number;
}

/** How long is waited. */
export interface ConnectionTimeouts {
  /** For the connection, its TLS included. */
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

// For heads, chunked bodies and the beginnings of others.
const READ_BUFFER_BYTES = 64 * 1024;

/**
 * One kept-alive connection, which serves one request at a time.
 *
 * Bytes of a body are read straight into its sink, and others into one buffer that is used over and over: Node's own HTTP
 * makes a new one for every read, and collecting those was a fifth of the time of a scan.
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

  constructor(origin: Origin, timeouts: ConnectionTimeouts) {
    this.#timeouts = timeouts;
    const buffer = (): Uint8Array => this.#exchange?.parser.room ?? this.#readBuffer;
    const callback = (length: number, filled: Uint8Array): boolean => {
      this.#onRead(length, filled);
      return true;
    };
    this.#socket = openSocket(origin, { buffer, callback });
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

  /** Whether any byte of the present or last response has come. */
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

  /** Keeps it open for a later request; meanwhile it does not keep the process alive. */
  idle(): void {
    this.#idleSince = performance.now();
    this.#socket.unref();
  }

  /** Closes it; a request under way fails with this error. */
  close(error: Error = new ConnectionClosedError('The connection was closed')): void {
    this.#fail(error);
  }

  #onRead(length: number, filled: Uint8Array): void {
    const exchange = this.#exchange;
    // Nothing was asked for: whatever this is, the connection cannot be trusted any more.
    if (exchange === undefined) {
      this.close();
      return;
    }
    this.#received = true;
    try {
      const { parser } = exchange;
      const isOwn = filled === this.#readBuffer;
      const isComplete = isOwn
        ? parser.push(this.#readBuffer.subarray(0, length))
        : parser.commit(length);
      if (isComplete) this.#complete(exchange);
      else this.#limit(exchange);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Silence is noticed by the socket; this notices a server that sends, but does not get on. */
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

function openSocket(origin: Origin, onread: OnReadOpts): Socket {
  const options = { host: origin.hostname, port: origin.port, onread };
  if (!origin.isTls) return connectTcp(options);
  // TLS knows no addresses as names of servers.
  const servername = isIP(origin.hostname) === 0 ? { servername: origin.hostname } : {};
  return connectTls({ ...options, ...servername, ALPNProtocols: ['http/1.1'] });
}
