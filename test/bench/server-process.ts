import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Certificate } from '../support/certificate.ts';
import type { PageFacts, ServerMessage, ServerOptions, ServerStats } from './server-protocol.ts';
import type { ShapeName } from './shapes.ts';

/** What a replay server is started with. */
export interface StartOptions {
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  readonly tables?: readonly string[];
  readonly shards?: number;
  readonly certificate?: Certificate;
}

/** A running replay server. */
export class ReplayServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Where clients reach it. */
  readonly endpoint: string;

  private constructor(child: ChildProcess, endpoint: string) {
    this.#child = child;
    this.endpoint = endpoint;
  }

  /** Starts the server in a process of its own and waits until it listens. */
  static async start(options: StartOptions = {}): Promise<ReplayServer> {
    const { certificate, delayMs = 0, bytesPerSecond = 0, tables = [], shards = 4 } = options;
    const serverOptions: ServerOptions = {
      delayMs,
      bytesPerSecond,
      tables,
      shards,
      ...(certificate !== undefined && { tls: certificate }),
    };
    const script = fileURLToPath(new URL('./replay-server.js', import.meta.url));
    const child = fork(script, [JSON.stringify(serverOptions)]);
    const { port } = (await receive(child)) as { readonly port: number };
    const scheme = certificate === undefined ? 'http' : 'https';
    return new ReplayServer(child, `${scheme}://127.0.0.1:${port}`);
  }

  /** Renders the pages of a shape, so that the first reader does not wait for it. */
  async prepare(shape: ShapeName): Promise<PageFacts> {
    return (await this.#ask({ kind: 'prepare', shape })) as PageFacts;
  }

  /** Starts counting anew. */
  async reset(): Promise<void> {
    await this.#ask({ kind: 'reset' });
  }

  /** What was served since the last reset. */
  async stats(): Promise<ServerStats> {
    return (await this.#ask({ kind: 'stats' })) as ServerStats;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  async #ask(message: ServerMessage): Promise<unknown> {
    const answer = receive(this.#child);
    this.#child.send(message);
    return answer;
  }
}

/** The next message of the server; rejects when it ends instead. */
async function receive(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort(new Error('The replay server ended.'));
  child.once('exit', onExit);
  try {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [unknown];
    return message;
  } finally {
    child.off('exit', onExit);
  }
}
