import { on } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ConfigError } from '../../errors.ts';
import { judgeCode } from '../errors/connection-codes.ts';
import { createAbortError } from '../http/abort-watch.ts';
import { type Origin, renderHost, renderOrigin, serverNameOf } from '../http/origin.ts';
import type { HttpProxy } from './proxy.ts';
import { type BodySink, HttpProtocolError, ResponseParser } from '../http/response-parser.ts';

/** A proxy that cannot be reached, or that cannot reach the host. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** What opening a tunnel needs. */
export interface TunnelOptions {
  readonly proxy: HttpProxy;
  /** Where the tunnel leads. */
  readonly origin: Origin;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a proxy says about a refusal does not matter. */
const NOWHERE: BodySink = {
  start: () => undefined,
  append: () => undefined,
  claim: () => Buffer.alloc(0),
  commit: () => undefined,
};

// The proxy waited in vain, or is overloaded.
const PASSING_STATUSES = [408, 429];

/**
 * Makes a proxy open a tunnel to an origin, through which TLS can be spoken with the origin.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 * @throws ProxyError, ConfigError when the proxy refuses or its TLS fails, or an AbortError.
 */
export async function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { proxy, origin, timeoutMs, signal } = options;
  if (signal?.aborted === true) throw createAbortError();
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const socket = connectToProxy(proxy);
  try {
    socket.write(renderConnect(proxy, origin));
    judge(await readStatus(socket, stop), options);
    return socket;
  } catch (error) {
    // Without a listener, the socket would throw later errors.
    socket.on('error', () => undefined).destroy();
    if (timeout.aborted) {
      throw new ProxyError(`the proxy ${renderOrigin(proxy)} did not answer in ${timeoutMs} ms`);
    }
    if (stop.aborted) throw createAbortError();
    throw describeFailure(error as NodeJS.ErrnoException, proxy);
  }
}

function connectToProxy(proxy: HttpProxy): Socket {
  const way = { host: proxy.hostname, port: proxy.port };
  return proxy.isTls ? connectTls({ ...way, ...serverNameOf(proxy) }) : connectTcp(way);
}

/** The status that the proxy answers with; undefined when it closes the connection without one. */
async function readStatus(socket: Socket, signal: AbortSignal): Promise<number | undefined> {
  const parser = new ResponseParser(NOWHERE);
  const arrivals = on(socket, 'data', { signal, close: ['close'] }) as AsyncIterable<[Buffer]>;
  for await (const [bytes] of arrivals) {
    parser.push(bytes);
    if (parser.head !== undefined) return parser.head.statusCode;
  }
  return undefined;
}

/** @throws what a status means, unless the tunnel is open. */
function judge(status: number | undefined, { proxy, origin }: TunnelOptions): void {
  const url = renderOrigin(proxy);
  if (status === undefined) throw new ProxyError(`the proxy ${url} closed the connection`);
  if (status < 300) return;
  if (status >= 500 || PASSING_STATUSES.includes(status)) {
    throw new ProxyError(`the proxy ${url} answered HTTP ${status}`);
  }
  throw new ConfigError(
    status === 407
      ? `The proxy ${url} requires a user name and a password (HTTP 407). Put them into HTTPS_PROXY, like http://name:password@host:port.`
      : `The proxy ${url} refuses to connect to ${renderHost(origin)} (HTTP ${status}). Have it allow the host, or list the host in NO_PROXY.`,
  );
}

function describeFailure(error: NodeJS.ErrnoException, proxy: HttpProxy): Error {
  if (error instanceof ConfigError || error instanceof ProxyError) return error;
  const url = renderOrigin(proxy);
  const reason = error.code ?? error.message;
  if (error instanceof HttpProtocolError) {
    return new ProxyError(`the proxy ${url} does not answer like a proxy`, { cause: error });
  }
  const fault = judgeCode(error.code ?? '');
  if (proxy.isTls && (fault === 'untrusted' || fault === 'outdated')) {
    return new ConfigError(
      `The TLS connection to the proxy ${url} failed (${reason}). Check that HTTPS_PROXY starts with the right scheme, http:// or https://, and that the clock of this machine is right; for a private certificate authority, name its root certificate in NODE_EXTRA_CA_CERTS.`,
      { cause: error },
    );
  }
  return new ProxyError(`the proxy ${url}: ${reason}`, { cause: error });
}

function renderConnect({ authorization }: HttpProxy, origin: Origin): string {
  const host = renderHost(origin);
  const login = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${login}\r\n`;
}
