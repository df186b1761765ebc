import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import { startCollector, valuesOf, type Collector, type Delivery } from './monitoring-collector.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const ITEMS = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`k${index}`, { v: { N: '1' } }]),
);
const LAG = 'source_dynamodb.change_lag table=orders';
// A sync with so few changes takes ten seconds. A lag in milliseconds, or since 1970, would be thousands.
const LONGEST_LAG_S = 100;

describe('change capture, as it is watched', function () {
  this.timeout(120_000);
  let aws: FakeAws;
  let table: ChangingTable;
  let collector: Collector;

  before(async () => {
    aws = await startFakeAws();
    table = new ChangingTable(aws, { name: 'orders', items: ITEMS, shards: 2, pageSize: 5 });
    collector = await startCollector();
  });
  after(() => Promise.all([aws.stop(), collector.stop()]));

  it('tells of changes, lag and shards in the log and in metrics', async () => {
    const config = engineConfig(aws, { replication_method: { method: 'Streams' } });
    const catalog = await discover(config, { syncMode: 'incremental' });
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
    };
    aws.slowDown('Scan', 300);
    const first = await read({ config, catalog }, { env });
    expect(first.exitCode, first.text.slice(-2000)).to.equal(0);
    const early = collector.deliveries.map(valuesOf).find((values) => values.has(LAG));
    expect(early?.get('source_dynamodb.shards table=orders state=open')).to.equal(2);
    expect(early?.get('source_dynamodb.changes table=orders')).to.equal(0);
    table.put('k1', { v: { N: '2' } });
    table.delete('k2');
    table.stream.roll(2);
    const state = [first.states.at(-1)];
    const second = await read({ config, catalog, state }, { env });
    expect(second.exitCode, second.text.slice(-2000)).to.equal(0);
    expectTip(collector.deliveries.at(-1));
    const messages = second.logs.map(({ message }) => message);
    expect(messages.join('\n')).to.match(
      /^orders: read 2 records in \d+\.\d s; 2 changes, read up to \d+\.\d s ago\.$/m,
    );
  });
});

/** What the last delivery of the second sync says: one shard of two has made room for two others. */
function expectTip(delivery: Delivery | undefined): void {
  const values = valuesOf(delivery);
  expect(values.get('source_dynamodb.changes table=orders')).to.equal(2);
  expect(values.get('source_dynamodb.shards table=orders state=open')).to.equal(3);
  expect(values.get('source_dynamodb.shards table=orders state=finished')).to.equal(1);
  expect(values.get('source_dynamodb.shards table=orders state=waiting')).to.equal(0);
  expect(values.get(LAG)).to.be.within(1, LONGEST_LAG_S);
}
