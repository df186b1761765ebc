import { CreateTableCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import { adminClient, putItems, type Item } from '../support/seed.ts';
import { Connection, lastState, putItem } from './support/cursor-syncs.ts';
import { discover, engineConfig } from './support/source-runs.ts';

const ITEMS = 30;
const STRING = 'S' as const;
// All times are old, so none is cut off.
const LAST = '2024-05-30';

function itemOf(n: number): Item {
  return {
    pk: { S: `i${n}` },
    at: { S: `2024-05-${String(n + 1).padStart(2, '0')}T00:00:00Z` },
    n: { N: String(n) },
    status: { S: n % 2 === 0 ? 'OPEN' : 'DONE' },
    meta: { M: { at: { N: `${n}.5` }, 'x"y': { L: [{ S: 'z' }] } } },
    ...(n % 3 === 0 && { region: { S: 'eu' } }),
  };
}

function keysOf(run: ConnectorRun): readonly string[] {
  expect(run.errors).to.deep.equal([]);
  return run
    .records('orders')
    .map(({ pk }) => pk as string)
    .sort();
}

describe('incremental reads by a cursor', () => {
  let engine: Engine;

  beforeEach(async () => {
    engine = await startDynalite();
    const client = adminClient(engine);
    await client.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'region'].map((name) => ({
          AttributeName: name,
          AttributeType: STRING,
        })),
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-region',
            KeySchema: [{ AttributeName: 'region', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    client.destroy();
    await putItems(
      engine,
      'orders',
      Array.from({ length: ITEMS }, (_, n) => itemOf(n)),
    );
  });
  afterEach(() => engine.stop());

  async function connect(
    properties: JsonObject,
    cursorField: readonly string[] = ['at'],
    dropped: readonly string[] = [],
  ): Promise<Connection> {
    const config = engineConfig(engine, { scan: { segments: 3, page_size: 4 }, ...properties });
    const catalog = await discover(config, { syncMode: 'incremental', cursorField });
    const [{ stream }] = (catalog as { streams: [{ stream: JsonObject }] }).streams;
    const { properties: columns } = stream.json_schema as { properties: JsonObject };
    for (const name of dropped) Reflect.deleteProperty(columns, name);
    return new Connection(config, catalog);
  }

  function withOptions(options: JsonObject): JsonObject {
    return { table_options: [{ table: 'orders', ...options }] };
  }

  it('find the cursor when its column is deselected', async () => {
    const connection = await connect({}, ['at'], ['at']);
    const first = await connection.sync();
    expect(first.recordLines.join('')).not.to.include(LAST);
    expect(lastState(first)).to.include({ cursor: `${LAST}T00:00:00Z`, cursor_type: 'S' });
    expect(keysOf(await connection.sync())).to.deep.equal(['i29']);
  });

  it('find it in packed records, as a member of data or as an attribute', async () => {
    for (const field of [
      ['data', 'meta', 'at'],
      ['meta', 'at'],
    ]) {
      for (const nested of ['json', 'string']) {
        const form = { record_format: 'packed', nested_values: nested };
        const connection = await connect(form, field);
        expect(lastState(await connection.sync())).to.deep.equal({
          ...{ cursor_field: field, cursor: '29.5', cursor_type: 'N' },
        });
        const next = await connection.sync();
        expect(keysOf(next)).to.deep.equal(['i29']);
        expect(next.recordLines[0]).to.include('"x');
      }
    }
  });

  it('find it where numbers and nested values are text, and attributes are passed on unlisted', async () => {
    const form = {
      ...{ number_values: 'string', nested_values: 'string', unlisted_attributes: 'emit' },
    };
    for (const field of [['n'], ['meta', 'at']]) {
      const connection = await connect(form, field, ['n', 'meta']);
      const first = await connection.sync();
      expect(keysOf(first)).to.have.length(ITEMS);
      expect(lastState(first)).to.include({ cursor_type: 'N' });
      expect(keysOf(await connection.sync())).to.deep.equal(['i29']);
    }
  });

  it('join the filter of the config', async () => {
    const filter = {
      filter_expression: '#c0 = :c0 OR n = :n',
      expression_attribute_names: '{"#c0":"status"}',
      expression_attribute_values: '{":c0":{"S":"OPEN"},":n":{"N":"3"}}',
    };
    const connection = await connect(withOptions(filter));
    const first = await connection.sync();
    expect(keysOf(first)).to.have.length(ITEMS / 2 + 1);
    await putItem(engine, 'orders', itemOf(29));
    await putItem(engine, 'orders', { ...itemOf(28), pk: { S: 'new' } });
    expect(keysOf(await connection.sync())).to.deep.equal(['i28', 'new']);
  });

  for (const format of ['columns', 'packed']) {
    it(`fetch it under a projection and do not emit it, ${format}`, async () => {
      for (const field of [['at'], ['meta', 'at']]) {
        const connection = await connect(
          { ...withOptions({ projection: ['status', 'n'] }), record_format: format },
          field,
        );
        const first = await connection.sync();
        expect(first.warnings).to.deep.equal(
          field.length === 1 ? [] : first.warnings.filter((text) => text.includes('is not a time')),
        );
        const next = await connection.sync();
        expect(keysOf(next)).to.deep.equal(['i29']);
        const item = { pk: 'i29', status: 'DONE', n: 29 };
        expect(next.records('orders')).to.deep.equal([
          format === 'packed' ? { pk: 'i29', data: item } : item,
        ]);
      }
    });
  }

  it('scan a sparse index instead of the table', async () => {
    const connection = await connect(withOptions({ index_name: 'by-region' }));
    expect(keysOf(await connection.sync())).to.have.length(ITEMS / 3);
    const { cursor, index_name: index } = lastState(await connection.sync());
    expect({ cursor, index }).to.deep.equal({ cursor: '2024-05-28T00:00:00Z', index: 'by-region' });
    const other = await connection.sync({ table_options: [] });
    expect(keysOf(other)).to.have.length(ITEMS);
    expect(String(other.warnings)).to.include('the saved cursor is for the whole of the index');
  });

  it('hold for a slice each, and all slices together read everything', async () => {
    const slices = [0, 1].map(async (index) => {
      const connection = await connect({ scan: { segments: 4, slice: { index, count: 2 } } });
      const [first, next] = [await connection.sync(), await connection.sync()];
      expect(lastState(next)).to.deep.include({ slice: { index, count: 2 }, total_segments: 4 });
      expect(keysOf(next)).to.have.length(1);
      const other = await connection.sync({
        scan: { segments: 4, slice: { index: 1 - index, count: 2 } },
      });
      expect(String(other.warnings)).to.include(`the saved cursor is for slice ${index} of 2`);
      expect(keysOf(other).filter((key) => keysOf(first).includes(key))).to.deep.equal([]);
      return keysOf(first);
    });
    expect((await Promise.all(slices)).flat()).to.have.length(ITEMS);
  });

  it('reach back by the overlap, so that what changes behind the scan is found', async () => {
    const connection = await connect(withOptions({ cursor_overlap: '2.5' }), ['n']);
    await connection.sync();
    expect(keysOf(await connection.sync())).to.deep.equal(['i27', 'i28', 'i29']);
  });

  it('keep to a read budget', async () => {
    const budget = withOptions({ max_read_capacity_units: 1000 });
    const connection = await connect(budget);
    await connection.sync();
    const run = await connection.sync();
    expect(keysOf(run)).to.deep.equal(['i29']);
    expect(JSON.stringify(run.logs)).to.include('at most 1000 read units a second');
  });

  it('say what is not a time and may be missed, as a warning the first time', async () => {
    const connection = await connect({}, ['n']);
    const texts = (run: ConnectorRun) =>
      run.logs.filter(({ message }) => message.includes('is not a time'));
    expect(texts(await connection.sync()).map(({ level }) => level)).to.deep.equal(['WARN']);
    expect(texts(await connection.sync()).map(({ level }) => level)).to.deep.equal(['INFO']);
  });

  it('fail when writers have changed the type, until the stream is cleared', async () => {
    const connection = await connect({});
    await connection.sync();
    const client = adminClient(engine);
    const change = (n: number) =>
      client.send(
        new UpdateItemCommand({
          TableName: 'orders',
          Key: { pk: { S: `i${n}` } },
          UpdateExpression: 'SET #a = :n',
          ExpressionAttributeNames: { '#a': 'at' },
          ExpressionAttributeValues: { ':n': { N: String(1_714_557_600 + n) } },
        }),
      );
    for (let n = 0; n < ITEMS - 1; n++) await change(n);
    const mixed = await connection.sync();
    expect(keysOf(mixed)).to.deep.equal(['i29']);
    expect(String(mixed.warnings)).to.match(/of a small sample have "at" of the type N/);
    await change(ITEMS - 1);
    for (const attempt of ['first', 'second']) {
      const run = await connection.sync();
      expect(run.exitCode, attempt).to.equal(1);
      expect(run.errors[0]?.failure_type).to.equal('config_error');
      expect(run.errors[0]?.message).to.match(
        /orders is of the type S, but "at" is of the type N.*Clear the stream/,
      );
    }
    client.destroy();
  });
});
