import type { HttpConnection } from './http-connection.ts';

interface Watched {
  readonly connections: Set<HttpConnection>;
  readonly closeAll: () => void;
}

/**
 * Closes busy connections when the signal of their request is aborted.
 *
 * One listener serves all requests of a signal, because adding one and removing it takes as long as signing a request.
 */
export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>();

  /**
   * The connections that the signal closes: whoever begins a request adds its connection, and removes it at the end.
   */
  connectionsOf(signal: AbortSignal): Set<HttpConnection> {
    const known = this.#watched.get(signal);
    if (known !== undefined) return known.connections;
    this.forgetIdle();
    const connections = new Set<HttpConnection>();
    const closeAll = (): void => {
      for (const connection of connections) closeAborted(connection);
    };
    signal.addEventListener('abort', closeAll, { once: true });
    this.#watched.set(signal, { connections, closeAll });
    return connections;
  }

  /** Stops listening to signals that have no busy connections. */
  forgetIdle(): void {
    for (const [signal, { connections, closeAll }] of this.#watched) {
      if (connections.size > 0) continue;
      signal.removeEventListener('abort', closeAll);
      this.#watched.delete(signal);
    }
  }
}

/** Makes a running request fail with an AbortError. */
export function closeAborted(connection: HttpConnection): void {
  connection.close(createAbortError());
}

/** Creates an AbortError. */
export function createAbortError(): Error {
  return Object.assign(new Error('The request was aborted'), { name: 'AbortError' });
}
