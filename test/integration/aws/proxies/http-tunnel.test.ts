import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { HttpClient } from '../../../../src/aws/http/http-client.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { listenLocally } from '../../../support/listen.ts';

const ORIGIN = { isTls: true, hostname: '::1', port: 443 };

describe('a way through a proxy', () => {
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    for (const server of servers) server.close();
    servers.clear();
  });

  /** What a request through a proxy fails with that treats its connection like this. */
  async function failThrough(
    serve: (socket: Socket, request: string) => void,
    signal?: AbortSignal,
  ): Promise<Error> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        serve(socket, bytes.toString());
      });
    });
    servers.add(server);
    return failAt(await listenLocally(server), signal);
  }

  function failAt(port: number, signal?: AbortSignal): Promise<Error> {
    const timeouts = { connectMs: 200, silenceMs: 200, answerMs: 200, keepAliveMs: 200 };
    const proxy = { isTls: false, hostname: '127.0.0.1', port, authorization: undefined };
    const request = { origin: ORIGIN, method: 'POST', target: '/', headers: {}, body: '{}' };
    return new HttpClient(timeouts, () => proxy).send(request, new PageBuffer(), signal).then(
      () => expect.fail('It was answered.'),
      (error: unknown) => error as Error,
    );
  }

  it('is asked for by the address of the host', async () => {
    let asked = '';
    await failThrough((socket, request) => {
      asked = request;
      socket.destroy();
    });
    expect(asked).to.equal('CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n');
  });

  const failures: readonly (readonly [string, (socket: Socket) => void, string])[] = [
    ['is silent', () => undefined, 'did not answer in 200 ms'],
    ['closes the connection', (socket) => socket.end(), 'closed the connection'],
    ['breaks the connection', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    ['speaks no HTTP', (socket) => socket.write('hello\r\n\r\n'), 'does not answer like a proxy'],
    ['has no way', (socket) => socket.write('HTTP/1.1 502 No\r\n\r\n'), 'answered HTTP 502'],
    ['has too much to do', (socket) => socket.write('HTTP/1.1 429 No\r\n\r\n'), 'HTTP 429'],
  ];
  for (const [name, serve, reason] of failures) {
    it(`fails when the proxy ${name}`, async () => {
      const error = await failThrough(serve);
      expect(error.name).to.equal('ProxyError');
      expect(error.message).to.match(/^the proxy http:\/\/127\.0\.0\.1:\d+/);
      expect(error.message.endsWith(reason), error.message).to.equal(true);
    });
  }

  it('fails when there is no proxy', async () => {
    const closed = createServer();
    const port = await listenLocally(closed);
    closed.close();
    const error = await failAt(port);
    expect(error.message).to.equal(`the proxy http://127.0.0.1:${port}: ECONNREFUSED`);
  });

  it('is given up at once when the request is aborted', async () => {
    const abort = new AbortController();
    const error = await failThrough(() => {
      abort.abort();
    }, abort.signal);
    expect(error.name).to.equal('AbortError');
    expect((await failThrough(() => undefined, abort.signal)).name).to.equal('AbortError');
    expect(getEventListeners(abort.signal, 'abort')).to.deep.equal([]);
  });

  it('may be opened by an answer that comes in pieces', async () => {
    const error = await failThrough((socket) => {
      socket.setNoDelay(true);
      socket.write('HTTP/1.1 2');
      setTimeout(() => socket.write('00 Connection established\r\nVia: x\r\n\r\n'), 20);
      socket.once('data', (hello) => {
        // A TLS record of the kind "handshake".
        expect(hello[0]).to.equal(22);
        socket.destroy();
      });
    });
    expect(error).to.have.property('code', 'ECONNRESET');
  });
});
