import { expect } from 'chai';
import { getEventListeners, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HttpClient } from '../../../../src/aws/http/http-client.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';

/** What the server does with the n-th request of all, the first being 0; it sees whole requests only. */
type Answer = (socket: Socket, request: number) => void;

interface RawServer {
  readonly port: number;
  readonly connections: Socket[];
  close(): Promise<void>;
}

async function startServer(answer: Answer): Promise<RawServer> {
  let requests = 0;
  const connections: Socket[] = [];
  const server: Server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    // Requests are small and come in one piece over loopback.
    socket.on('data', () => {
      answer(socket, requests++);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    close: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('HttpClient', () => {
  const timeouts = { connectMs: 2000, silenceMs: 200, answerMs: 500, keepAliveMs: 60_000 };
  const client = new HttpClient(timeouts, () => undefined);
  let server: RawServer;

  async function send(buffer = new PageBuffer(), signal?: AbortSignal): Promise<string> {
    const request = {
      origin: { isTls: false, hostname: '127.0.0.1', port: server.port },
      method: 'POST',
      target: '/',
      headers: { host: 'x', 'content-length': '2' },
      body: '{}',
    };
    const head = await client.send(request, buffer, signal);
    return `${head.statusCode} ${buffer.body.toString()}`;
  }

  async function sendAndCatch(signal?: AbortSignal): Promise<Error> {
    return send(new PageBuffer(), signal).then(
      (text) => expect.fail(`answered ${text}`),
      (error: unknown) => error as Error,
    );
  }

  afterEach(async () => {
    client.close();
    await server.close();
  });

  it('uses a connection again, and opens another for a request at the same time', async () => {
    server = await startServer((socket) => socket.write(OK));
    expect([await send(), await send()]).to.deep.equal(['200 ok', '200 ok']);
    expect(server.connections).to.have.length(1);
    await Promise.all([send(), send()]);
    expect(server.connections).to.have.length(2);
  });

  it('gathers long bodies whole, one after the other over one connection', async () => {
    const bodies = [3_000_000, 70_000, 1_000_000, 0, 65_536, 5].map((length) =>
      Buffer.alloc(length, `${length} bytes, `),
    );
    server = await startServer((socket, request) => {
      const body = bodies[request] ?? Buffer.alloc(0);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
      for (let at = 0; at < body.length; at += 99_991) socket.write(body.subarray(at, at + 99_991));
    });
    const buffer = new PageBuffer();
    for (const body of bodies)
      expect((await send(buffer)) === `200 ${body.toString()}`).to.equal(true);
    expect(server.connections).to.have.length(1);
  });

  it('sends again over a new connection when the kept one is closed by the server', async () => {
    server = await startServer((socket, request) => {
      if (request === 1) socket.destroy();
      else socket.write(OK);
    });
    expect([await send(), await send()]).to.deep.equal(['200 ok', '200 ok']);
    expect(server.connections).to.have.length(2);
  });

  it('does not send again when the answer had begun', async () => {
    server = await startServer((socket, request) => {
      if (request === 0) socket.write(OK);
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok');
    });
    await send();
    const error = await sendAndCatch();
    expect(error.name).to.equal('ConnectionClosedError');
    expect(server.connections).to.have.length(1);
  });

  it('does not use a connection again that was long unused', async () => {
    server = await startServer((socket) => socket.write(OK));
    await send();
    const later = performance.now() + 60_001;
    Object.defineProperty(performance, 'now', { configurable: true, value: () => later });
    await send().finally(() => {
      // What it has from its prototype is there again.
      Reflect.deleteProperty(performance, 'now');
    });
    expect(server.connections).to.have.length(2);
  });

  it('listens to a signal once, however many requests it has, and no more when it is closed', async () => {
    const { signal } = new AbortController();
    server = await startServer((socket) => socket.write(OK));
    await Promise.all([1, 2, 3].map(() => send(new PageBuffer(), signal)));
    await send(new PageBuffer(), signal);
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    const { signal: other } = new AbortController();
    await send(new PageBuffer(), other);
    expect(getEventListeners(signal, 'abort'), 'of a scan that has ended').to.have.length(0);
    client.close();
    expect(getEventListeners(other, 'abort')).to.have.length(0);
  });

  it('does not use a connection again that the server said it closes', async () => {
    server = await startServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
    );
    await send();
    await send();
    expect(server.connections).to.have.length(2);
  });

  it('gives up on a server that falls silent in the middle of an answer', async () => {
    server = await startServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'),
    );
    expect((await sendAndCatch()).name).to.equal('TimeoutError');
  });

  it('gives up on a server that goes on sending without coming to an end', async () => {
    const dripping = setInterval(() => {
      for (const socket of server.connections) socket.write('o');
    }, 20);
    server = await startServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n'),
    );
    const error = await sendAndCatch().finally(() => {
      clearInterval(dripping);
    });
    expect(error).to.include({ name: 'TimeoutError', message: 'No whole answer in 500 ms' });
  });

  it('does not send again when a kept connection falls silent', async () => {
    let requests = 0;
    server = await startServer((socket) => {
      if (++requests === 1) socket.write(OK);
    });
    await send();
    expect((await sendAndCatch()).name).to.equal('TimeoutError');
    expect(requests).to.equal(2);
  });

  it('fails when the server closes without an answer', async () => {
    server = await startServer((socket) => socket.end());
    expect((await sendAndCatch()).name).to.equal('ConnectionClosedError');
  });

  it('fails on an answer that is no HTTP', async () => {
    server = await startServer((socket) => socket.write('hello\r\n\r\n'));
    expect((await sendAndCatch()).name).to.equal('HttpProtocolError');
  });

  it('refuses an answer that would fill the memory', async () => {
    server = await startServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n'),
    );
    expect((await sendAndCatch()).name).to.equal('HttpProtocolError');
  });

  it('takes a body that the end of the connection ends', async () => {
    server = await startServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
    expect(await send()).to.equal('200 all of it');
  });

  it('aborts a request under way, and one that is not yet sent', async () => {
    const abort = new AbortController();
    server = await startServer(() => {
      abort.abort();
    });
    expect((await sendAndCatch(abort.signal)).name).to.equal('AbortError');
    expect((await sendAndCatch(abort.signal)).name).to.equal('AbortError');
  });

  it('fails with the code of the socket when nobody listens', async () => {
    server = await startServer(() => undefined);
    await server.close();
    expect(await sendAndCatch()).to.have.property('code', 'ECONNREFUSED');
    server = await startServer(() => undefined);
  });
});
