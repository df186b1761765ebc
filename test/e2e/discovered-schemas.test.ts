import { expect } from 'chai';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import { startFakeAws, type FakeAws, type FakeTableDefinition } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import type { CatalogStream } from '../support/messages.ts';
import { createTable } from '../support/seed.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

const KEY_SCHEMAS = {
  S: { type: 'string' },
  N: { type: 'number' },
  B: { type: 'string', contentEncoding: 'base64' },
} as const;
const KEY_TYPES = ['S', 'N', 'B'] as const;

async function discoverOne(engine: Engine, name: string, options: JsonObject = {}) {
  const run = await runCommand('discover', engineConfig(engine, { tables: [name], ...options }));
  const [stream] = run.catalog?.streams ?? [];
  if (stream === undefined) throw new Error(run.text);
  return stream;
}

function propertiesOf(schema: JsonObject): JsonObject {
  return schema.properties as JsonObject;
}

describe('the schema of an empty table', () => {
  let engine: Engine;

  before(async () => {
    engine = await startDynalite();
  });
  after(() => engine.stop());

  for (const type of KEY_TYPES) {
    it(`has its key of type ${type}`, async () => {
      const partitionKey = { name: 'id', type };
      await createTable(engine, { name: `single-${type}`, partitionKey });
      const stream = await discoverOne(engine, `single-${type}`);
      expect(propertiesOf(stream.json_schema)).to.deep.equal({ id: KEY_SCHEMAS[type] });
      expect(stream.source_defined_primary_key).to.deep.equal([['id']]);
    });

    it(`has both keys when the sort key is of type ${type}`, async () => {
      // The sort key comes first in the alphabet, and second in the primary key.
      const keys = {
        partitionKey: { name: 'pk', type: 'S' },
        sortKey: { name: 'at', type },
      } as const;
      await createTable(engine, { name: `composite-${type}`, ...keys });
      const stream = await discoverOne(engine, `composite-${type}`);
      expect(propertiesOf(stream.json_schema)).to.deep.equal({
        pk: { type: 'string' },
        at: KEY_SCHEMAS[type],
      });
      expect(stream.source_defined_primary_key).to.deep.equal([['pk'], ['at']]);
    });
  }

  it('comes with both sync modes and is resumable', async () => {
    await createTable(engine, { name: 'plain', partitionKey: { name: 'id', type: 'S' } });
    const stream: CatalogStream = await discoverOne(engine, 'plain');
    expect(stream.supported_sync_modes).to.deep.equal(['full_refresh', 'incremental']);
    expect(stream.is_resumable).to.equal(true);
    expect(stream.source_defined_cursor).to.equal(false);
  });
});

const SEEN: readonly (readonly [readonly string[], JsonObject])[] = [
  [['{"S":"x"}'], { type: ['string', 'null'] }],
  [['{"N":"1"}', '{"N":"-9223372036854775808"}'], { type: ['integer', 'null'] }],
  [['{"N":"1"}', '{"N":"9223372036854775808"}'], { type: ['number', 'null'] }],
  [['{"N":"1"}', '{"N":"1.5"}'], { type: ['number', 'null'] }],
  [['{"N":"1E2"}'], { type: ['number', 'null'] }],
  [['{"BOOL":true}'], { type: ['boolean', 'null'] }],
  [['{"B":"AA=="}'], { type: ['string', 'null'], contentEncoding: 'base64' }],
  [['{"B":"AA=="}', '{"S":"x"}'], { type: ['string', 'null'] }],
  [['{"NULL":true}'], { type: ['string', 'null'] }],
  [['{"NULL":true}', '{"N":"1"}'], { type: ['integer', 'null'] }],
  [['{"L":[{"S":"x"}]}'], { type: ['array', 'null'] }],
  [['{"SS":["x"]}', '{"NS":["1"]}', '{"BS":["AA=="]}'], { type: ['array', 'null'] }],
  [['{"S":"x"}', '{"N":"1"}', '{"BOOL":true}'], { type: ['boolean', 'integer', 'string', 'null'] }],
  [['{"M":{}}'], { type: ['object', 'null'], properties: {}, additionalProperties: true }],
  [
    ['{"M":{"x":{"N":"1"},"__proto__":{"S":""}}}', '{"M":{"x":{"S":"1"}}}', '{"N":"1"}'],
    {
      type: ['integer', 'object', 'null'],
      properties: JSON.parse(
        '{"__proto__":{"type":["string","null"]},"x":{"type":["integer","string","null"]}}',
      ) as JsonObject,
      additionalProperties: true,
    },
  ],
];

describe('the schema of an attribute', () => {
  let aws: FakeAws;
  let streams: readonly CatalogStream[];

  before(async () => {
    const tables = SEEN.map(([values], index) => tableOf(tableName(index), values));
    aws = await startFakeAws({ tables });
    const run = await runCommand('discover', engineConfig(aws));
    streams = run.catalog?.streams ?? [];
  });
  after(() => aws.stop());

  for (const [index, [values, expected]] of SEEN.entries()) {
    it(`lists what was seen of ${values.join(' and ').slice(0, 80)}`, () => {
      const stream = streams.find(({ name }) => name === tableName(index));
      expect(propertiesOf(stream?.json_schema ?? {}).a).to.deep.equal(expected);
      expect(stream?.json_schema.additionalProperties).to.equal(true);
    });
  }
});

function tableName(index: number): string {
  return `table-${index}`;
}

function tableOf(name: string, values: readonly string[]): FakeTableDefinition {
  const items = values.map((value, n) => `{"pk":{"S":"${n}"},"a":${value}}`);
  return { name, partitionKey: { name: 'pk', type: 'S' }, items };
}

describe('the schema of a table with items', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.stop());

  /** The schema of attribute `a` in a table whose items have these values of it. */
  async function schemaOf(values: readonly string[], options: JsonObject = {}): Promise<unknown> {
    aws.addTable(tableOf('table', values));
    const { json_schema } = await discoverOne(aws, 'table', options);
    return propertiesOf(json_schema).a;
  }

  for (const [keys, isListed] of [
    [200, true],
    [201, false],
  ] as const) {
    it(`has ${isListed ? 'properties' : 'no properties'} for a map of ${keys} keys`, async () => {
      const members = Array.from({ length: keys }, (_, n) => `"k${n}":{"N":"1"}`);
      const schema = (await schemaOf([`{"M":{${members.join(',')}}}`, '{"M":{}}'])) as JsonObject;
      expect(schema.type).to.deep.equal(['object', 'null']);
      expect(Object.keys((schema.properties ?? {}) as JsonObject)).to.have.length(
        isListed ? keys : 0,
      );
    });
  }

  it('has no properties for a map whose items have more than 200 keys together', async () => {
    const values = Array.from({ length: 201 }, (_, n) => `{"M":{"k${n}":{"N":"1"}}}`);
    expect(await schemaOf(values)).to.deep.equal({
      ...{ type: ['object', 'null'], additionalProperties: true },
    });
  });

  it('has text for numbers and nested values that become text', async () => {
    const options = { number_values: 'string', nested_values: 'string' };
    const values = ['{"N":"1"}', '{"M":{"x":{"N":"1"}}}', '{"L":[]}', '{"SS":["x"]}'];
    expect(await schemaOf(values, options)).to.deep.equal({ type: ['string', 'null'] });
  });

  it('has keys and data alone when records are packed', async () => {
    aws.addTable(numberedTable('packed', 3, 2));
    const { json_schema } = await discoverOne(aws, 'packed', { record_format: 'packed' });
    expect(propertiesOf(json_schema)).to.deep.equal({
      pk: { type: 'string' },
      data: { type: ['object', 'null'], additionalProperties: true },
    });
  });

  it('knows the keys alone when the sample is of 0 items, and no item is read', async () => {
    aws.addTable(numberedTable('table', 3, 2));
    const { json_schema } = await discoverOne(aws, 'table', { discover_sample_size: 0 });
    expect(propertiesOf(json_schema)).to.deep.equal({ pk: { type: 'string' } });
    expect(aws.requestsTo('Scan')).to.deep.equal([]);
  });

  it('samples segments evenly, and no more items than asked for', async () => {
    aws.addTable(numberedTable('table', 1000, 100));
    await discoverOne(aws, 'table', { discover_sample_size: 40 });
    const scans = aws.requestsTo('Scan').map(({ input }) => [input.Segment, input.Limit]);
    expect(scans.sort()).to.deep.equal([0, 1, 2, 3].map((segment) => [segment, 10]));
  });
});
