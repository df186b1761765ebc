import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import { adminClient, putItems } from '../support/seed.ts';
import { discover, engineConfig, read, runCommand } from './support/source-runs.ts';

const ITEMS = 60;
const KEYS = { AttributeName: 'order-id', AttributeType: 'S' as const };
const INDEX_KEY = { AttributeName: 'region', AttributeType: 'S' as const };

describe('table_options', () => {
  let engine: Engine;

  before(async () => {
    engine = await startDynalite();
    await createOrders(engine);
    // `status` is a reserved word, and the others cannot stand in an expression without an alias either.
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      'order-id': { S: `o${n}` },
      status: { S: n % 3 === 0 ? 'OPEN' : 'DONE' },
      'a.b': { N: String(n) },
      other: { S: 'x'.repeat(50) },
      ...(n % 2 === 0 && { region: { S: 'eu' } }),
    }));
    await putItems(engine, 'orders', items);
  });
  after(() => engine.stop());

  function config(options: JsonObject, scan: JsonObject = {}): JsonObject {
    return engineConfig(engine, { scan, table_options: [{ table: 'ord*', ...options }] });
  }

  async function readOrders(options: JsonObject): Promise<ConnectorRun> {
    const chosen = config(options);
    return read({ config: chosen, catalog: await discover(chosen) });
  }

  const OPEN = {
    filter_expression: '#s = :open AND #n < :limit',
    expression_attribute_names: '{"#s":"status","#n":"a.b"}',
    expression_attribute_values: '{":open":{"S":"OPEN"},":limit":{"N":"30"}}',
  };

  it('read only the items that pass the filter', async () => {
    const run = await readOrders({ ...OPEN, page_size: 5, segments: 3 });
    expect(run.exitCode).to.equal(0);
    const numbers = run.records('orders').map((data) => Number(data['a.b']));
    expect(numbers.sort((a, b) => a - b)).to.deep.equal([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  });

  it('read the projected attributes and always the keys, whatever they are called', async () => {
    const run = await readOrders({ ...OPEN, projection: ['status', 'a.b'] });
    const names = new Set(run.records('orders').flatMap((data) => Object.keys(data)));
    expect([...names].sort()).to.deep.equal(['a.b', 'order-id', 'status']);
    expect(run.warnings).to.deep.equal([]);
  });

  it('are what discovery samples with', async () => {
    const run = await runCommand('discover', config({ projection: ['status'] }));
    const properties = run.catalog?.streams[0]?.json_schema.properties as JsonObject;
    expect(Object.keys(properties)).to.deep.equal(['order-id', 'status']);
  });

  it('scan an index, eventually consistent and with the primary key of the table', async () => {
    const chosen = config({ index_name: 'by-region', segments: 2, page_size: 7 });
    const catalog = await discover(chosen);
    const run = await read({ config: chosen, catalog });
    expect(run.records('orders')).to.have.length(ITEMS / 2);
    expect(run.logs.map((log) => log.message)).to.include(
      'orders: by-region is a global index, so its reads are eventually consistent.',
    );
    expect(JSON.stringify(catalog)).to.include('"source_defined_primary_key":[["order-id"]]');
  });

  it('do not go on with a state of another index', async () => {
    const chosen = config({ index_name: 'by-region', page_size: 7 });
    const catalog = await discover(chosen);
    const { states } = await read({
      config: { ...chosen, checkpoint_target_interval_seconds: 0 },
      catalog,
    });
    const run = await read({ config: config({}), catalog, state: [states[0]] });
    expect(run.exitCode).to.equal(1);
    expect(run.errors[0]?.failure_type).to.equal('config_error');
    expect(run.errors[0]?.message).to.include('index by-region');
  });

  const REFUSED: readonly (readonly [string, JsonObject, string])[] = [
    ['an expression that DynamoDB cannot read', { filter_expression: 'a =' }, 'table_options'],
    [
      'names that the expression does not use',
      { filter_expression: 'attribute_exists(a)', expression_attribute_names: '{"#b":"b"}' },
      'table_options',
    ],
    ['an index that the table has not', { index_name: 'by-name' }, 'it has by-region'],
    [
      'consistent reads of a global index',
      { index_name: 'by-region', consistent_read: true },
      'not support consistent reads',
    ],
  ];
  for (const [name, options, part] of REFUSED) {
    it(`fail a check with ${name}`, async () => {
      const { connectionStatus, exitCode } = await runCommand('check', config(options));
      expect(connectionStatus?.status).to.equal('FAILED');
      expect(connectionStatus?.message).to.include('orders').and.include(part);
      expect(exitCode).to.equal(0);
    });
  }

  it('of no selected table are warned of', async () => {
    const options = engineConfig(engine, { table_options: [{ table: 'order', page_size: 1 }] });
    const run = await runCommand('check', options);
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(run.warnings.join()).to.include('"table_options" names order');
  });
});

async function createOrders(engine: Engine): Promise<void> {
  const client = adminClient(engine);
  const throughput = { ReadCapacityUnits: 100, WriteCapacityUnits: 100 };
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [KEYS, INDEX_KEY],
      KeySchema: [{ AttributeName: KEYS.AttributeName, KeyType: 'HASH' }],
      ProvisionedThroughput: throughput,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-region',
          KeySchema: [{ AttributeName: INDEX_KEY.AttributeName, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: throughput,
        },
      ],
    }),
  );
  client.destroy();
}
