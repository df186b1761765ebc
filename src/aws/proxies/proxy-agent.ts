import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { toOrigin } from '../http/origin.ts';
import type { FindProxy } from './proxy.ts';
import { openTunnel } from './tunnel.ts';

type OnConnection = (error: Error | null, socket?: Duplex | null) => void;

const CONNECT_TIMEOUT_MS = 9000;

/**
 * Node's agent for HTTPS, except that its connections go through the proxy that is found for their host.
 *
 * A request fails with the error that the proxy finder or `openTunnel` throws.
 */
export class ProxyAgent extends Agent {
  readonly #findProxy: FindProxy;

  constructor(findProxy: FindProxy, options: AgentOptions) {
    super(options);
    this.#findProxy = findProxy;
  }

  override createConnection(options: RequestOptions, onConnection: OnConnection): undefined {
    this.#connect(options).then(
      (socket) => {
        onConnection(null, socket);
      },
      (error: unknown) => {
        onConnection(error as Error);
      },
    );
  }

  async #connect(options: RequestOptions): Promise<Duplex | null | undefined> {
    const origin = toOrigin('https:', options.host ?? '', Number(options.port));
    const proxy = this.#findProxy(origin);
    if (proxy === undefined) return super.createConnection(options);
    const way = { proxy, origin, timeoutMs: CONNECT_TIMEOUT_MS, signal: undefined };
    return super.createConnection(Object.assign(options, { socket: await openTunnel(way) }));
  }
}
