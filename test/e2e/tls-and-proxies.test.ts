import { expect } from 'chai';
import { makeCertificate, type Certificate } from '../support/certificate.ts';
import {
  startConnectProxy,
  startTlsFront,
  type ConnectProxy,
  type ConnectProxyOptions,
  type TlsFront,
} from '../support/connect-proxy.ts';
import type { ConnectorRun } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { expectFailedCheck, expectNoSecrets } from './support/expect-failure.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read, roleCredentials, runCommand } from './support/source-runs.ts';

const ITEM_COUNT = 60_000;
const SEGMENTS = 4;

describe('an endpoint with TLS', () => {
  let certificate: Certificate;
  let aws: FakeAws;
  let front: TlsFront;
  let proxy: ConnectProxy | undefined;

  before(async () => {
    certificate = await makeCertificate();
    aws = await startFakeAws({ tables: [numberedTable('t', ITEM_COUNT, 2500)] });
    front = await startTlsFront(Number(new URL(aws.endpoint).port), certificate);
  });
  after(async () => {
    front.stop();
    await aws.stop();
    await certificate[Symbol.asyncDispose]();
  });
  afterEach(() => {
    proxy?.stop();
    proxy = undefined;
  });

  async function startProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    proxy = await startConnectProxy(options);
    return proxy;
  }

  function config(options: JsonObject = {}): JsonObject {
    return engineConfig(aws, {
      endpoint: `https://localhost:${front.port}`,
      scan: { segments: SEGMENTS },
      ...options,
    });
  }

  function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { NODE_EXTRA_CA_CERTS: certificate.certFile, ...more };
  }

  async function readAll(env: Readonly<Record<string, string>>): Promise<ConnectorRun> {
    const run = await read({ config: config(), catalog: numberedCatalog('t') }, { env });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    return run;
  }

  function check(
    env: Readonly<Record<string, string>>,
    options?: JsonObject,
  ): Promise<ConnectorRun> {
    return runCommand('check', config(options), { env: environment(env) });
  }

  it('is read whole', async () => {
    await readAll(environment());
  });

  it('is refused when nobody vouches for its certificate', async () => {
    expectFailedCheck(await check({ NODE_EXTRA_CA_CERTS: '' }), {
      failureType: 'config_error',
      says: [`The TLS connection to https://localhost:${front.port}`, 'NODE_EXTRA_CA_CERTS'],
    });
  });

  for (const [name, withTls] of [
    ['a proxy', false],
    ['a proxy with TLS of its own', true],
  ] as const) {
    it(`is read whole through ${name}, over a few kept ways`, async () => {
      const { port, targets, logins } = await startProxy(withTls ? { certificate } : {});
      const url = `${withTls ? 'https' : 'http'}://localhost:${port}`;
      await readAll(environment({ HTTPS_PROXY: url }));
      expect(new Set(targets)).to.deep.equal(new Set([`localhost:${front.port}`]));
      expect(targets.length).to.be.within(SEGMENTS, SEGMENTS + 2);
      expect(new Set(logins)).to.deep.equal(new Set([undefined]));
    });
  }

  it('is reached through a proxy that wants a name and a password, which nobody sees', async () => {
    const { port, logins } = await startProxy();
    const run = await check({ https_proxy: `http://us%40er:p%3Ass%2Fword@127.0.0.1:${port}` });
    expect(run.connectionStatus?.status, run.text).to.equal('SUCCEEDED');
    const login = `Basic ${Buffer.from('us@er:p:ss/word').toString('base64')}`;
    expect(new Set(logins)).to.deep.equal(new Set([login]));
    expectNoSecrets(run, ['p:ss/word', 'p%3Ass%2Fword', login]);
  });

  it('is reached without the proxy where NO_PROXY has its host', async () => {
    const { port, targets } = await startProxy();
    const url = `http://127.0.0.1:${port}`;
    const run = await check({ HTTPS_PROXY: url, NO_PROXY: 'example.com,localhost' });
    expect(run.connectionStatus?.status, run.text).to.equal('SUCCEEDED');
    expect(targets).to.deep.equal([]);
  });

  it('is reached through the proxy with a role, whose session comes through it too', async () => {
    const { port, targets } = await startProxy();
    const sts = await startTlsFront(Number(new URL(aws.endpoint).port), certificate);
    const before = front.connections;
    const run = await check(
      { HTTPS_PROXY: `http://127.0.0.1:${port}` },
      {
        sts_endpoint: `https://127.0.0.1:${sts.port}`,
        credentials: roleCredentials(aws),
      },
    );
    sts.stop();
    expect(run.connectionStatus?.status, run.text).to.equal('SUCCEEDED');
    expect(run.text).to.include('arn:aws:sts::');
    expect(front.connections - before + sts.connections).to.equal(targets.length);
    expect(new Set(targets)).to.deep.equal(
      new Set([`127.0.0.1:${sts.port}`, `localhost:${front.port}`]),
    );
  });

  it('is not reached through a proxy that is not there, which is named', async () => {
    const gone = await startConnectProxy();
    gone.stop();
    const { port } = gone;
    const urls = [`http://127.0.0.1:${port}`, `https://localhost:${port}`];
    const runs = await Promise.all(urls.map((url) => check({ HTTPS_PROXY: url })));
    urls.forEach((url, at) => {
      expectFailedCheck(runs[at] ?? expect.fail(), {
        failureType: 'transient_error',
        says: [`(the proxy ${url}: ECONNREFUSED)`],
      });
    });
  });

  it('is not reached through a proxy that is silent, which is named', async () => {
    const { port } = await startProxy({ answer: () => 'HTTP/1.1 200' });
    const url = `http://127.0.0.1:${port}`;
    expectFailedCheck(await check({ HTTPS_PROXY: url }), {
      failureType: 'transient_error',
      says: [`(the proxy ${url} did not answer in 9000 ms)`],
    });
  }).timeout(60_000);

  it('is not reached through a proxy for whose certificate nobody vouches', async () => {
    const { port } = await startProxy({ certificate });
    const url = `https://127.0.0.1:${port}`;
    expectFailedCheck(await check({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: '' }), {
      failureType: 'config_error',
      says: [`The TLS connection to the proxy ${url} failed`, 'NODE_EXTRA_CA_CERTS'],
    });
  });

  for (const [status, says] of [
    [407, ['requires a user name and a password (HTTP 407)', 'HTTPS_PROXY']],
    [403, ['refuses to connect to localhost:', '(HTTP 403)', 'NO_PROXY']],
  ] as const) {
    it(`is not reached through a proxy that answers ${status}`, async () => {
      const answer = (): string => `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`;
      const { port, targets } = await startProxy({ answer });
      const proxyUrl = `http://name:sesame@127.0.0.1:${port}`;
      const run = await check({ HTTPS_PROXY: proxyUrl });
      expectFailedCheck(run, { failureType: 'config_error', says });
      expectFailedCheck(run, { failureType: 'config_error', says: [`http://127.0.0.1:${port} `] });
      expectNoSecrets(run, ['sesame']);
      expect(targets).to.have.length(1);
    });
  }

  for (const value of ['socks5://127.0.0.1:1080', 'http://:::', 'http://us%er:pw@127.0.0.1:1']) {
    it(`is not reached when HTTPS_PROXY is ${value}`, async () => {
      expectFailedCheck(await check({ HTTPS_PROXY: value }), {
        failureType: 'config_error',
        says: ['HTTPS_PROXY', 'http://proxy.example.com:3128'],
      });
    });
  }
});
