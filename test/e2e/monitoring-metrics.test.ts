import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate, type Certificate } from '../support/certificate.ts';
import { startConnectProxy, startTlsFront, type TlsFront } from '../support/connect-proxy.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { makeTempDirectory } from '../support/temp-files.ts';
import {
  resourceOf,
  startCollector,
  valuesOf,
  type Answer,
  type Collector,
} from './monitoring-collector.ts';
import { isEachOnce, numberedStream, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read, startRead } from './support/source-runs.ts';

const ITEM_COUNT = 2000;
const JSON_PROTOCOL = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
/** Two seconds to give up, and what a read of a local table takes on a busy machine. */
const LONGEST_READ_MS = 15_000;

describe('the metrics of a read', () => {
  let aws: FakeAws;
  const collectors: Collector[] = [];

  before(async () => {
    const tables = [numberedTable('orders', ITEM_COUNT, 100), numberedTable('users', 10, 100)];
    aws = await startFakeAws({ tables });
  });
  afterEach(() => Promise.all(collectors.splice(0).map((collector) => collector.stop())));
  after(() => aws.stop());

  async function collect(answer?: Answer): Promise<Collector> {
    const collector = await startCollector(answer);
    collectors.push(collector);
    return collector;
  }

  function input(...streams: readonly string[]) {
    return {
      config: engineConfig(aws),
      catalog: { streams: streams.map((name) => numberedStream(name)) },
    };
  }

  it('are sent when the read ends, by table', async () => {
    const collector = await collect();
    const env = { ...JSON_PROTOCOL, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    const run = await read(input('orders', 'users'), { env });
    expect(run.exitCode).to.equal(0);
    const [delivery] = collector.deliveries;
    expect(delivery?.path).to.equal('/v1/metrics');
    expect(delivery?.contentType).to.equal('application/json');
    const values = valuesOf(delivery);
    expect(values.get('source_dynamodb.records table=orders')).to.equal(ITEM_COUNT);
    expect(values.get('source_dynamodb.records table=users')).to.equal(10);
    expect(values.get('source_dynamodb.bytes table=users')).to.equal(
      Buffer.byteLength(
        run.lines
          .filter((line) => line.includes('"RECORD"') && line.includes('"users"'))
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
    expect(values.get('source_dynamodb.read_units table=orders')).to.be.above(0);
    expect(values.get('source_dynamodb.throttles table=orders')).to.equal(0);
    expect(values.get('source_dynamodb.retries table=orders')).to.equal(0);
    expect(values.get('source_dynamodb.duration table=orders')).to.be.above(0);
    expect(values.get('source_dynamodb.input_wait table=orders')).to.be.above(0);
    expect(values.get('source_dynamodb.output_wait table=orders')).to.be.at.least(0);
    expect(values.get('source_dynamodb.streams table=users outcome=complete')).to.equal(1);
  });

  it('carry the name of the service, and what the environment says of it', async () => {
    const collector = await collect();
    const env = {
      ...JSON_PROTOCOL,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.endpoint}/otlp`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=t1',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    await read(input('users'), { env });
    const [delivery] = collector.deliveries;
    expect(delivery?.path).to.equal('/otlp');
    expect(delivery?.headers['x-tenant']).to.equal('t1');
    expect(resourceOf(delivery)).to.include.members([
      'service.name=source-dynamodb',
      'deployment.environment.name=test',
    ]);
    await read(input('users'), { env: { ...env, OTEL_SERVICE_NAME: 'nightly' } });
    expect(resourceOf(collector.deliveries[1])).to.include('service.name=nightly');
  });

  it('are protobuf unless JSON is asked for', async () => {
    const collector = await collect();
    await read(input('users'), { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint } });
    const [delivery] = collector.deliveries;
    expect(delivery?.contentType).to.equal('application/x-protobuf');
    expect(delivery?.body.includes('source_dynamodb.records')).to.equal(true);
  });

  it('are sent when the read is told to stop', async () => {
    const collector = await collect();
    const env = { ...JSON_PROTOCOL, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    const running = await startRead(input('orders'), { env });
    await running.waitFor((message) => message.type === 'RECORD');
    running.kill('SIGTERM');
    const run = await running.done;
    expect(run.signal).to.equal('SIGTERM');
    const values = valuesOf(collector.deliveries.at(-1));
    expect(values.get('source_dynamodb.records table=orders')).to.equal(numbersIn(run).length);
    expect(values.get('source_dynamodb.streams table=orders outcome=stopped')).to.equal(1);
  });

  for (const [name, answer, reason] of [
    ['does not answer', 'silence', 'no answer in time'],
    ['refuses them', 400, 'Bad Request'],
    ['is overloaded', 503, ''],
  ] as const) {
    it(`do not hurt a read when the collector ${name}`, async () => {
      const collector = await collect(answer);
      await expectUnhurt(collector.endpoint, reason);
    });
  }

  it('do not hurt a read when there is no collector', async () => {
    const collector = await startCollector();
    await collector.stop();
    await expectUnhurt(collector.endpoint, '');
  });

  it('do not hurt a read when the endpoint is no URL', async () => {
    await expectUnhurt('nowhere', '');
  });

  describe('through HTTPS', () => {
    let certificate: Certificate;
    let collector: Collector;
    let front: TlsFront;

    before(async () => {
      certificate = await makeCertificate();
      collector = await startCollector();
      front = await startTlsFront(Number(new URL(collector.endpoint).port), certificate);
    });
    after(async () => {
      front.stop();
      await collector.stop();
      await certificate[Symbol.asyncDispose]();
    });

    const environment = (more: Readonly<Record<string, string>>) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
      OTEL_EXPORTER_OTLP_CERTIFICATE: certificate.certFile,
      ...more,
    });

    for (const [name, noProxy, ways] of [
      ['go by the proxy of the environment', '', 1],
      ['pass over the proxy where NO_PROXY has the host', 'localhost', 0],
    ] as const) {
      it(name, async () => {
        const proxy = await startConnectProxy();
        const before = collector.deliveries.length;
        const url = `http://127.0.0.1:${proxy.port}`;
        const env = environment({ HTTPS_PROXY: url, NO_PROXY: noProxy });
        const run = await read(input('users'), { env });
        proxy.stop();
        expect(run.warnings).to.deep.equal([]);
        expect(collector.deliveries.length).to.equal(before + 1);
        const targets = Array.from({ length: ways }, () => `localhost:${front.port}`);
        expect(proxy.targets).to.deep.equal(targets);
      });
    }

    it('name the proxy that refuses the way, without its password', async () => {
      const refusal = 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n';
      const proxy = await startConnectProxy({ answer: () => refusal });
      const env = environment({ HTTPS_PROXY: `http://name:sesame@127.0.0.1:${proxy.port}` });
      const run = await read(input('users'), { env });
      proxy.stop();
      expect(run.exitCode).to.equal(0);
      expect(run.warnings).to.have.length(1);
      expect(run.warnings[0]).to.include(
        `The proxy http://127.0.0.1:${proxy.port} refuses to connect to localhost:${front.port}`,
      );
      expect(run.text).not.to.include('sesame');
    });

    it('name a certificate that cannot be read', async () => {
      const env = environment({ OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: '/nowhere/ca.pem' });
      const run = await read(input('users'), { env });
      expect(run.exitCode).to.equal(0);
      expect(run.warnings).to.deep.equal([
        'Metrics could not be sent (/nowhere/ca.pem, which OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE names, cannot be read: ENOENT). Check OTEL_EXPORTER_OTLP_ENDPOINT; the read continues without them.',
      ]);
    });
  });

  async function expectUnhurt(endpoint: string, reason: string): Promise<void> {
    const startedAt = performance.now();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const run = await read(input('orders'), { env });
    expect(performance.now() - startedAt).to.be.below(LONGEST_READ_MS);
    expect(run.exitCode).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(run.warnings).to.have.length(1);
    expect(run.warnings[0]).to.match(/^Metrics could not be sent \(/);
    expect(run.warnings[0]).to.include(reason);
  }

  it('warn of a protocol that is not spoken, and are not sent', async () => {
    const collector = await collect();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    };
    const run = await read(input('users'), { env });
    expect(run.exitCode).to.equal(0);
    expect(run.warnings).to.deep.equal([
      'Metrics are not sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc, but this source speaks only http/protobuf and http/json.',
    ]);
    expect(collector.deliveries).to.deep.equal([]);
  });

  it('load nothing of OpenTelemetry when they are not asked for', async () => {
    expect(await countLoadedModules({})).to.equal(0);
    const collector = await collect();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    expect(await countLoadedModules(env)).to.be.above(0);
  });

  /** OpenTelemetry's files in what a read loads, as V8 and the source maps of the build tell. */
  async function countLoadedModules(env: Readonly<Record<string, string>>): Promise<number> {
    const folder = makeTempDirectory();
    const run = await read(input('users'), { env: { ...env, NODE_V8_COVERAGE: folder } });
    expect(run.exitCode).to.equal(0);
    const [report = ''] = await readdir(folder);
    const { result } = JSON.parse(await readFile(join(folder, report), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    const own = result.filter(({ url }) => url.includes('/dist/'));
    const sources = await Promise.all(own.map(({ url }) => readSources(`${url}.map`)));
    expect(sources.flat().filter((path) => path.endsWith('/src/run.ts'))).to.have.length(1);
    return sources.flat().filter((path) => path.includes('@opentelemetry')).length;
  }
});

async function readSources(mapUrl: string): Promise<readonly string[]> {
  const map = await readFile(new URL(mapUrl), 'utf8');
  return (JSON.parse(map) as { readonly sources: readonly string[] }).sources;
}
