import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { createServer as createTlsFront } from 'node:tls';
import type { Certificate } from './certificate.ts';
import { listenLocally } from './listen.ts';

/** A server on a port of this machine. */
interface LocalServer {
  readonly port: number;
  stop(): void;
}

/** A server with TLS. */
export interface TlsFront extends LocalServer {
  /** How many connections were made to it. */
  readonly connections: number;
}

/** An HTTP proxy that opens ways, to this machine alone whatever host is named. */
export interface ConnectProxy extends LocalServer {
  /** `host:port` of each way that was asked for. */
  readonly targets: readonly string[];
  /** The `Proxy-Authorization` of each. */
  readonly logins: readonly (string | undefined)[];
}

export interface ConnectProxyOptions {
  /** Has the proxy itself speak TLS. */
  readonly certificate?: Certificate;
  /** What is answered instead of opening a way; undefined opens it. */
  readonly answer?: (request: IncomingMessage) => string | undefined;
}

/** Starts a proxy. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { certificate, answer } = options;
  const server = certificate === undefined ? createServer() : createTlsServer(read(certificate));
  const sockets = new Set<Socket>();
  const targets: string[] = [];
  const logins: (string | undefined)[] = [];
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    targets.push(request.url ?? '');
    logins.push(request.headers['proxy-authorization']);
    sockets.add(client.on('error', () => undefined));
    const refusal = answer?.(request);
    if (refusal !== undefined) {
      client.write(refusal);
      return;
    }
    const port = Number(/\d+$/.exec(request.url ?? '')?.[0]);
    sockets.add(pipeBoth(client, port));
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  });
  const port = await listenLocally(server);
  return {
    port,
    targets,
    logins,
    stop: () => stopAll(server, sockets),
  };
}

/** Speaks TLS in front of a server of this machine that does not. */
export async function startTlsFront(
  behindPort: number,
  certificate: Certificate,
): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createTlsFront(read(certificate), (client) => {
    connections++;
    sockets.add(client.on('error', () => undefined)).add(pipeBoth(client, behindPort));
  });
  const port = await listenLocally(server);
  return {
    port,
    get connections() {
      return connections;
    },
    stop: () => stopAll(server, sockets),
  };
}

function pipeBoth(client: Socket, port: number): Socket {
  const upstream = connect({ host: '127.0.0.1', port });
  upstream.on('error', () => client.destroy());
  client.pipe(upstream).pipe(client);
  return upstream;
}

function read({ keyFile, certFile }: Certificate): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: readFileSync(keyFile), cert: readFileSync(certFile) };
}

function stopAll(server: { close(): unknown }, sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
  server.close();
}
