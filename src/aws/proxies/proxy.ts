import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../../errors.ts';
import { type Origin, toOrigin } from '../http/origin.ts';

/** An HTTP proxy that opens tunnels to other hosts. */
export interface HttpProxy extends Origin {
  /** Value of `Proxy-Authorization`; undefined if the proxy needs no login. */
  readonly authorization: string | undefined;
}

/** Returns the proxy for an origin; undefined if there is none. */
export type FindProxy = (origin: Origin) => HttpProxy | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

const PROTOCOLS = ['http:', 'https:'];

/**
 * Finds the proxy that `HTTPS_PROXY` or else `ALL_PROXY` names, except for the hosts in `NO_PROXY`. Lower case takes
 * precedence.
 *
 * A host in `NO_PROXY` covers its subdomains too, with or without a dot or `*.` in front, and only one port if it has
 * one. A range of addresses, as in 10.0.0.0/8, covers hosts that are given as addresses; `*` is every host.
 *
 * @throws ConfigError when the variable does not name an HTTP proxy.
 */
export function createProxyFinder(env: Environment): FindProxy {
  const text = readVariable(env, 'https_proxy') ?? readVariable(env, 'all_proxy');
  const exceptions = (readVariable(env, 'no_proxy') ?? '').split(/[\s,]+/).filter(Boolean);
  return (origin) => {
    const isDirect = exceptions.some((exception) => isExcepted(origin, exception));
    return text === undefined || isDirect ? undefined : parseProxy(text);
  };
}

function readVariable(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value?.trim())?.trim();
}

function isExcepted({ hostname, port }: Origin, exception: string): boolean {
  if (exception === '*') return true;
  if (exception.includes('/')) return isInRange(hostname, exception);
  // An IPv6 address has a port only if it is in brackets; any other host has its port after its only colon.
  const [, bracketed, plain, ownPort] =
    /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(exception) ?? [];
  if (ownPort !== undefined && Number(ownPort) !== port) return false;
  const host = (bracketed ?? plain ?? '').toLowerCase().replace(/^\*?\./, '');
  const asked = hostname.toLowerCase();
  return host !== '' && (asked === host || asked.endsWith(`.${host}`));
}

function isInRange(hostname: string, range: string): boolean {
  const [network = '', prefix = ''] = range.replace(/[[\]]/g, '').split('/');
  const [family, own] = [isIP(hostname), isIP(network)];
  const bits = Number(prefix);
  if (family === 0 || family !== own || !/^\d+$/.test(prefix) || bits > (own === 4 ? 32 : 128)) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network, bits, own === 4 ? 'ipv4' : 'ipv6');
  return block.check(hostname, own === 4 ? 'ipv4' : 'ipv6');
}

function parseProxy(text: string): HttpProxy {
  try {
    // Without a scheme it is an HTTP proxy, as everywhere.
    const url = new URL(text.includes('://') ? text : `http://${text}`);
    const { protocol, hostname, port } = url;
    if (!PROTOCOLS.includes(protocol))
      throw new TypeError(`The protocol ${protocol} is not supported`);
    const [name = '', password = ''] = [url.username, url.password].map(decodeURIComponent);
    const login = Buffer.from(`${name}:${password}`).toString('base64');
    return {
      ...toOrigin(protocol, hostname, port === '' ? undefined : Number(port)),
      authorization: name === '' && password === '' ? undefined : `Basic ${login}`,
    };
  } catch {
    // The cause would contain the URL, and so the password.
    throw new ConfigError(
      'HTTPS_PROXY in the environment is not the URL of an HTTP proxy. Write it like http://proxy.example.com:3128, with special characters of a password as %XX, or list the hosts of AWS in NO_PROXY.',
    );
  }
}
