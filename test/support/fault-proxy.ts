import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import type { FullReply, Reply } from './fake-aws/replies.ts';
import { sendReply } from './fake-aws/send-reply.ts';
import { answerAlone, spoil, type Fault, type FaultKind } from './faults.ts';
import { closeHttpServer, listenLocally } from './listen.ts';
import { seededRandom, type Random } from './seeded-random.ts';

export type { Fault, FaultKind } from './faults.ts';

export interface ProxiedRequest {
  /** `Scan`, `DescribeTable`, … */
  readonly operation: string;
  readonly body: string;
  /** 0 for the proxy's first request. */
  readonly index: number;
}

/** Says what happens to a request; `random` is the proxy's own, seeded one. */
export type ChooseFault = (request: ProxiedRequest, random: Random) => Fault;

export interface FaultProxyOptions {
  /** The same seed and the same order of requests give the same faults. */
  readonly seed: number;
  /** Passes everything by default. */
  readonly choose?: ChooseFault;
}

/** An engine as seen through the proxy; `stop` stops the proxy, not the engine. */
export interface FaultProxy extends Engine {
  /** Chooses the faults of all requests from now on. */
  choose(choose: ChooseFault): void;
  /** What was done, by kind; a kind that was not done is absent. */
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Requests that the engine did not answer, though nothing was done to them. */
  readonly upstreamFailures: readonly Error[];
}

/** A chooser that picks one of the faults for this share of the requests (0 to 1), and passes the others. */
export function atRandom(share: number, faults: readonly Fault[]): ChooseFault {
  return (_, random) => {
    const fault = random() < share ? faults[Math.floor(random() * faults.length)] : undefined;
    return fault ?? { kind: 'pass' };
  };
}

/** Starts a proxy in front of an engine, on a free port of 127.0.0.1. */
export async function startFaultProxy(
  upstream: Engine,
  options: FaultProxyOptions,
): Promise<FaultProxy> {
  const handler = new ProxyHandler(upstream.endpoint, options);
  const server = createServer((message, response) => void handler.serve(message, response));
  const port = await listenLocally(server);
  const { name, region, accessKeyId, secretAccessKey } = upstream;
  return {
    ...{ region, accessKeyId, secretAccessKey },
    name: `${name} behind a fault proxy`,
    endpoint: `http://127.0.0.1:${port}`,
    choose: (choose) => handler.choose(choose),
    counts: handler.counts,
    upstreamFailures: handler.upstreamFailures,
    stop: async () => {
      await closeHttpServer(server);
      handler.close();
    },
  };
}

class ProxyHandler {
  readonly counts = new Map<FaultKind, number>();
  readonly upstreamFailures: Error[] = [];
  readonly #upstream: string;
  readonly #random: Random;
  readonly #agent = new Agent({ keepAlive: true });
  #choose: ChooseFault;
  #requestCount = 0;

  constructor(upstream: string, options: FaultProxyOptions) {
    this.#upstream = upstream;
    this.#random = seededRandom(options.seed);
    this.#choose = options.choose ?? (() => ({ kind: 'pass' }));
  }

  choose(choose: ChooseFault): void {
    this.#choose = choose;
  }

  close(): void {
    this.#agent.destroy();
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: Buffer;
    try {
      body = await readAll(message);
    } catch {
      // The client broke off, so there is nobody to answer to.
      response.destroy();
      return;
    }
    const target = String(message.headers['x-amz-target'] ?? '');
    const operation = target.slice(target.indexOf('.') + 1);
    const index = this.#requestCount++;
    const fault = this.#choose({ operation, body: body.toString(), index }, this.#random);
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    await sendReply(response, await this.#reply(fault, message, body));
  }

  async #reply(fault: Fault, message: IncomingMessage, body: Buffer): Promise<Reply> {
    const alone = answerAlone(fault);
    if (alone !== undefined) return alone;
    try {
      const reply = await this.#forward(message, body);
      if (fault.kind === 'delay') await delay(fault.ms);
      return spoil(fault, reply, this.#random);
    } catch (error) {
      this.upstreamFailures.push(error instanceof Error ? error : new Error(String(error)));
      return { kind: 'reset' };
    }
  }

  /** The headers go as they came, `host` included: it is signed. */
  async #forward(message: IncomingMessage, body: Buffer): Promise<FullReply> {
    const { method, headers, url = '/' } = message;
    const sent = request(new URL(url, this.#upstream), {
      ...(method === undefined ? {} : { method }),
      ...{ headers, agent: this.#agent },
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return {
      kind: 'full',
      status: answer.statusCode ?? 502,
      headers: endToEndHeaders(answer),
      body: await readAll(answer),
    };
  }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Without those that are about one connection, or about a length that may change. */
function endToEndHeaders(answer: IncomingMessage): Record<string, string> {
  const dropped = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);
  return Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      dropped.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
