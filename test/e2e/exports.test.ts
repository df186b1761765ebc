import { expect } from 'chai';
import { join } from 'node:path';
import { runConnector } from '../support/connector.ts';
import { configuredCatalog } from '../support/configure-catalog.ts';
import { awsError, type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { type FakeExports, fakeExports } from '../support/fake-exports/fake-exports.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import type { JsonObject } from '../support/json.ts';
import { makeTempDirectory, writeJson } from '../support/temp-files.ts';
import { runOnTerminal } from './support/run-on-terminal.ts';
import { engineConfig, read, runCommand, startRead } from './support/source-runs.ts';

const ITEMS = 300;
const HOUR_MS = 60 * 60_000;
const KEY = { name: 'pk', type: 'S' as const };

describe('the replication method Export', () => {
  let aws: FakeAws;
  let s3: FakeS3;
  let exports: FakeExports;
  let history: TableHistory;
  let ahead: number;
  const now = (): number => Date.now() + ahead;

  beforeEach(async () => {
    ahead = 0;
    history = new TableHistory();
    for (let index = 0; index < ITEMS; index++) {
      history.put(1000 * (now() - HOUR_MS) + index, `k${index}`, index);
    }
    const items = ['{"pk":{"S":"k0"},"v":{"N":"0"}}'];
    aws = await startFakeAws({ tables: [{ name: 'orders', partitionKey: KEY, items }], now });
    s3 = await startFakeS3(aws.secretAccessKey, now);
    exports = startExports(1500);
  });
  afterEach(async () => {
    await s3.stop();
    await aws.stop();
  });

  /** @param durationMs how long an export takes. */
  function startExports(durationMs: number): FakeExports {
    const from = { aws, table: 'orders', history, objects: s3.objects, now };
    return fakeExports({ ...from, durationMs, files: 4 });
  }

  function createConfig(more: JsonObject = {}): JsonObject {
    return engineConfig(aws, {
      s3_endpoint: s3.endpoint,
      replication_method: { method: 'Export' },
      export: { s3_bucket: s3.bucket },
      checkpoint_target_interval_seconds: 0,
      ...more,
    });
  }

  async function createCatalog(syncMode: 'incremental' | 'full_refresh' = 'incremental') {
    const { catalog } = await runCommand('discover', createConfig());
    if (catalog === undefined) return expect.fail('no catalog');
    return configuredCatalog(catalog, { syncMode });
  }

  it('is checked without reading an item', async () => {
    const run = await runCommand('check', createConfig());
    expect(run.connectionStatus).to.deep.equal({ status: 'SUCCEEDED' });
    expect(aws.requestsTo('Scan')).to.have.length(0);
    expect(exports.started).to.have.length(0);
  });

  it('is refused by check where recovery, the bucket or a permission is missing', async () => {
    exports.isEnabled = false;
    const { connectionStatus } = await runCommand('check', createConfig());
    expect(connectionStatus?.message).to.include('Point-in-time recovery is not enabled');
    exports.isEnabled = true;
    s3.refuse = (key) =>
      key === '' ? undefined : { status: 403, code: 'AccessDenied', message: 'Access Denied' };
    expect((await runCommand('check', createConfig())).connectionStatus?.message).to.include(
      's3:GetObject',
    );
    s3.refuse = () => undefined;
    const other = await runCommand('check', createConfig({ export: { s3_bucket: 'another' } }));
    expect(other.connectionStatus?.message).to.include('There is no bucket');
    aws.on('ListExports', () => awsError('AccessDeniedException', 'not authorized'));
    const denied = await runCommand('check', createConfig());
    expect(denied.connectionStatus?.message).to.include('Allow dynamodb:ListExports');
  });

  it('is refused by check where exports may not be described, though there is none yet', async () => {
    aws.on('DescribeExport', () => awsError('AccessDeniedException', 'not authorized'));
    const { connectionStatus } = await runCommand('check', createConfig());
    expect(connectionStatus?.message).to.include('Allow dynamodb:DescribeExport');
    aws.on('DescribeExport', () => awsError('ValidationException', 'no such id'));
    const refused = await runCommand('check', createConfig());
    expect(refused.connectionStatus).to.deep.equal({ status: 'SUCCEEDED' });
  });

  it('is told by check to wait where recovery was enabled only now', async () => {
    exports.earliest = now() - 60_000;
    const run = await runCommand('check', createConfig());
    expect(run.connectionStatus).to.deep.equal({ status: 'SUCCEEDED' });
    const remarks = run.logs.map(({ message }) => message).join('\n');
    expect(remarks).to.include(
      `orders: its point-in-time recovery reaches back to ${new Date(exports.earliest).toISOString()} only, so a first sync waits`,
    );
  });

  it('needs a bucket', async () => {
    const run = await runCommand('check', createConfig({ export: {} }));
    expect(run.connectionStatus?.message).to.include('"export.s3_bucket" is missing');
  });

  it('gives every stream a cursor and the columns of change capture', async () => {
    const { catalog } = await runCommand('discover', createConfig());
    const [stream] = catalog?.streams ?? [];
    expect(stream).to.deep.include({
      source_defined_cursor: true,
      default_cursor_field: ['_ab_cdc_cursor'],
      source_defined_primary_key: [['pk']],
      supported_sync_modes: ['full_refresh', 'incremental'],
    });
    expect(Object.keys(stream?.json_schema.properties as object)).to.include.members([
      ...['pk', 'v', '_ab_cdc_cursor', '_ab_cdc_updated_at', '_ab_cdc_deleted_at'],
      ...['_ab_cdc_deleted_by', '_ab_cdc_sequence_number'],
    ]);
  });

  it('emits every item once, and then what has changed', async () => {
    const config = createConfig();
    const catalog = await createCatalog();
    const first = await read({ config, catalog });
    expect(first.exitCode, first.text.slice(-3000)).to.equal(0);
    expect(new Set(first.records('orders').map(({ pk }) => pk)).size).to.equal(ITEMS);
    expect(first.recordCount('orders')).to.equal(ITEMS);
    expect(first.statuses('orders')).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
    history.delete(1000 * now(), 'k7');
    ahead = HOUR_MS;
    const second = await read({ config, catalog, state: first.states });
    expect(second.exitCode, second.stderr).to.equal(0);
    const [record, ...others] = second.records('orders');
    expect(others).to.deep.equal([]);
    expect(record).to.deep.include({ pk: 'k7', v: 7, _ab_cdc_deleted_by: null });
    expect(record?._ab_cdc_deleted_at).to.be.a('string');
    expect(exports.started).to.have.length(2);
  });

  it('leaves out the columns that were deselected', async () => {
    const { streams } = await createCatalog();
    const [chosen] = streams;
    if (chosen === undefined) return expect.fail('no stream');
    const properties = { pk: { type: 'string' }, _ab_cdc_cursor: { type: 'integer' } };
    const stream = { ...chosen.stream, json_schema: { type: 'object', properties } };
    const run = await read({
      config: createConfig(),
      catalog: { streams: [{ ...chosen, stream }] },
    });
    expect(Object.keys(run.records('orders')[0] ?? {})).to.deep.equal(['pk', '_ab_cdc_cursor']);
  });

  it('fails for an attribute that is called like one of its columns', async () => {
    const catalog = await createCatalog();
    history.writes.push({
      at: 1000 * (now() - HOUR_MS) + ITEMS,
      key: 'odd',
      item: { pk: { S: 'odd' }, _ab_cdc_cursor: { N: '1' } },
    });
    const run = await read({ config: createConfig(), catalog });
    expect(run.errors[0]?.message).to.include('has an attribute called "_ab_cdc_cursor"');
  });

  it('starts one export, however often it is killed while it waits', async () => {
    exports = startExports(HOUR_MS);
    const config = createConfig();
    const catalog = await createCatalog();
    let state: unknown;
    for (let kills = 0; kills < 2; kills++) {
      const running = await startRead({ config, catalog, ...(state !== undefined && { state }) });
      await running.waitFor(
        (message) => message.type === 'STATE' && JSON.stringify(message).includes('"arn"'),
      );
      running.kill('SIGKILL');
      const run = await running.done;
      expect(run.signal).to.equal('SIGKILL');
      state = run.states;
    }
    ahead = 2 * HOUR_MS;
    const last = await read({ config, catalog, ...(state !== undefined && { state }) });
    expect(last.exitCode, last.stderr).to.equal(0);
    expect(last.recordCount('orders')).to.equal(ITEMS);
    expect(exports.started).to.have.length(1);
  });

  it('shows on a terminal that an export is waited for', async () => {
    const config = await writeJson(createConfig());
    const catalog = await writeJson(await createCatalog());
    const output = join(makeTempDirectory(), 'out.jsonl');
    exports = startExports(HOUR_MS);
    const waiting = /orders {2}waiting for the export as of (\S+) \([^)]+\)/;
    const { exitCode, shown } = await runOnTerminal(
      `stty rows 24 columns 100; CONNECTOR read --config ${config} --catalog ${catalog} > ${output}`,
      // The export ends once it is shown, which may be before it is started.
      (text) => {
        if (waiting.test(text) && exports.started.length > 0) ahead = 2 * HOUR_MS;
      },
    );
    expect(exitCode).to.equal(0);
    const [, time = ''] = waiting.exec(shown) ?? [];
    const scopes = exports.started.map(({ scope }) => scope);
    expect(scopes).to.deep.equal([{ kind: 'full', time: Date.parse(time) }]);
  });

  it('is estimated beside the scan, as what is configured', async () => {
    const bytes = 50 * 1024 ** 3;
    const description = { ItemCount: 1_000_000, TableSizeBytes: bytes };
    aws.removeTable('orders');
    aws.addTable({ name: 'orders', partitionKey: KEY, items: [], description });
    const config = await writeJson(createConfig());
    const { text } = await runConnector(['estimate', '--config', config], { stdout: 'text' });
    expect(text).to.match(/^orders: .* limited by export$/m);
    expect(text).to.match(/^\* Export +0 +5\.00 /m);
    expect(text).to.match(/^ {2}Scan \(strong\) +13,107,200 +1\.64 /m);
    expect(text).to.include(
      'Cheapest: the first sync by Scan (eventual); later ones by Streams, once',
    );
    const json = await runConnector(['estimate', '--json', '--config', config], { stdout: 'text' });
    const { tables } = JSON.parse(json.text) as { tables: readonly JsonObject[] };
    const { total } = JSON.parse(json.text) as { total: JsonObject };
    expect(tables[0]?.configured).to.equal('Export');
    expect(total.first_sync).to.deep.include({ read_units: 0, cost_usd: 5 });
  });

  it('are told by estimate to be read, and not made, where those that are there are used', async () => {
    const replication_method = { method: 'Export', exports: 'Use existing' };
    const config = await writeJson(createConfig({ replication_method }));
    const { stderr } = await runConnector(['estimate', '--config', config], { stdout: 'text' });
    expect(stderr)
      .to.include('reads a full export that is already there')
      .and.not.include('exports a table as a whole');
  });
});
