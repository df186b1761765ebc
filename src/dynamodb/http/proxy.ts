import { isIPv6 } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';
import { ConfigError } from '../../errors.ts';
import type { Origin } from './http-connection.ts';

/** A proxy that opens ways to other hosts. */
export interface Proxy extends Origin {
  /** Value of `Proxy-Authorization`; undefined where the proxy asks for none. */
  readonly authorization: string | undefined;
}

/** Names the proxy on the way to an origin; undefined where there is none. */
export type FindProxy = (origin: Origin) => Proxy | undefined;

const DEFAULT_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

/**
 * The proxy that `HTTPS_PROXY` or `ALL_PROXY` names, or either in lower case, unless `NO_PROXY` has the host.
 *
 * What is not encrypted goes straight to its host: that is an engine on the machine itself, or near to it.
 *
 * @throws ConfigError when that is no URL of a proxy that can be used.
 */
export function findProxyInEnvironment({ isTls, hostname, port }: Origin): Proxy | undefined {
  if (!isTls) return undefined;
  const text = getProxyForUrl(`https://${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`);
  return text === '' ? undefined : parseProxy(text);
}

function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = DEFAULT_PORTS.get(url?.protocol ?? '');
  if (url === undefined || defaultPort === undefined) {
    throw new ConfigError(
      'HTTPS_PROXY in the environment is not the URL of an HTTP proxy. Give it as in http://proxy.example.com:3128, or except the hosts of AWS in NO_PROXY.',
    );
  }
  const { protocol, hostname, port, username, password } = url;
  const user = [username, password].map(decodeURIComponent).join(':');
  return {
    isTls: protocol === 'https:',
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    authorization: username === '' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  };
}
