import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../../errors.ts';
import { type Origin, toOrigin } from '../http/origin.ts';

/** A proxy that opens ways to other hosts. */
export interface HttpProxy extends Origin {
  /** Value of `Proxy-Authorization`; undefined where the proxy is told no name. */
  readonly authorization: string | undefined;
}

/** Names the proxy on the way to an origin; undefined where there is none. */
export type FindProxy = (origin: Origin) => HttpProxy | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

const PROTOCOLS = ['http:', 'https:'];

/**
 * Finds the proxy that `HTTPS_PROXY` or else `ALL_PROXY` names, except for the hosts of `NO_PROXY`; lower case goes first.
 *
 * A host of `NO_PROXY` stands for those below it too, also when a dot or `*.` is before it, and for one port where it
 * has one; a range of addresses, as in 10.0.0.0/8, for the hosts that are given as addresses; `*` is every host.
 *
 * @throws ConfigError when a proxy is asked for that is none of HTTP.
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
  // Only an address of IPv6 in brackets has a port, as that of any other host is behind its one colon.
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
    // Without a scheme it is one of HTTP, as everywhere.
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
    // The cause has the URL, and so the password.
    throw new ConfigError(
      'HTTPS_PROXY in the environment is not the URL of an HTTP proxy. Write it like http://proxy.example.com:3128, with special characters of a password as %XX, or list the hosts of AWS in NO_PROXY.',
    );
  }
}
