import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ConfigError } from '../../errors.ts';
import { createAbortError } from './abort-watch.ts';
import { namedServer, type Origin } from './http-connection.ts';
import type { Proxy } from './proxy.ts';
import { type BodySink, ResponseParser } from './response-parser.ts';

/** A proxy that cannot be reached, or that cannot reach the host. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** What a proxy says of a refusal does not matter. */
const NOWHERE: BodySink = {
  start: () => undefined,
  append: () => undefined,
  claim: () => Buffer.alloc(0),
  commit: () => undefined,
};

/**
 * Has a proxy open a way to an origin, over which TLS can be spoken with it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 * @throws ProxyError, ConfigError when the proxy refuses, or an AbortError.
 */
export function openTunnel(
  proxy: Proxy,
  origin: Origin,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const { hostname, port } = proxy;
  const url = `${proxy.isTls ? 'https' : 'http'}://${renderHost(proxy)}`;
  const name = `the proxy ${url}`;
  const socket = proxy.isTls
    ? connectTls({ host: hostname, port, ...namedServer(hostname) })
    : connectTcp({ host: hostname, port });
  const parser = new ResponseParser(NOWHERE);
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('data', take).off('error', fail).off('close', fail);
      if (error === undefined) resolve(socket);
      else {
        // A socket without a listener throws what comes after this.
        socket.on('error', () => undefined).destroy();
        reject(error);
      }
    };
    const fail = (cause: unknown): void => {
      const reason = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
      settle(new ProxyError(`${name} failed: ${reason ?? 'it closed the connection'}`, { cause }));
    };
    const abort = (): void => {
      settle(createAbortError());
    };
    const timer = setTimeout(() => {
      settle(new ProxyError(`${name} did not answer in ${timeoutMs} ms`));
    }, timeoutMs);
    const take = (bytes: Buffer): void => {
      try {
        parser.push(bytes);
      } catch (error) {
        settle(new ProxyError(`${name} does not answer like a proxy`, { cause: error }));
        return;
      }
      const status = parser.head?.statusCode;
      if (status !== undefined) settle(judge(status, url, origin));
    };
    socket.on('data', take).on('error', fail).on('close', fail);
    socket.write(renderConnect(proxy, origin));
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** What a status means; undefined when the way is open. */
function judge(status: number, url: string, origin: Origin): Error | undefined {
  if (status < 300) return undefined;
  if (status >= 500) return new ProxyError(`the proxy ${url} answered HTTP ${status}`);
  return new ConfigError(
    status === 407
      ? `The proxy ${url} wants a name and a password (HTTP 407). Give them in HTTPS_PROXY, as in http://name:password@host:port.`
      : `The proxy ${url} opens no way to ${renderHost(origin)} (HTTP ${status}). Have it allow the host, or except the host in NO_PROXY.`,
  );
}

function renderConnect({ authorization }: Proxy, origin: Origin): string {
  const host = renderHost(origin);
  const login = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${login}\r\n`;
}

function renderHost({ hostname, port }: Origin): string {
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
}
