import { isIP, isIPv6 } from 'node:net';

/** Where a connection goes. */
export interface Origin {
  readonly isTls: boolean;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Makes an origin from the parts of an `http:` or `https:` URL, which has IPv6 addresses in brackets. */
export function toOrigin(protocol: string, hostname: string, port: number | undefined): Origin {
  const isTls = protocol === 'https:';
  return {
    isTls,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port ?? (isTls ? 443 : 80),
  };
}

/** Whether a URL points to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `host:port`, as in a URL. */
export function renderHost({ hostname, port }: Origin): string {
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
}

/** `https://host:port` or `http://host:port`. */
export function renderOrigin(origin: Origin): string {
  return `${origin.isTls ? 'https' : 'http'}://${renderHost(origin)}`;
}

/** The option that makes TLS send the name of the server; TLS does not accept addresses as names. */
export function serverNameOf({ hostname }: Origin): { readonly servername?: string } {
  return isIP(hostname) === 0 ? { servername: hostname } : {};
}
