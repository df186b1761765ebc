import { expect } from 'chai';
import type { RecordConfig } from '../../../src/config/config.ts';
import type { RawItem } from '../../../src/aws/dynamodb/attribute-value.ts';
import type { KeyAttribute } from '../../../src/aws/dynamodb/tables.ts';
import { SchemaInference } from '../../../src/source/schema.ts';

const CONFIG: RecordConfig = {
  format: 'columns',
  nestedValues: 'json',
  numberValues: 'number',
  unlistedAttributes: 'drop',
};
const KEYS: readonly KeyAttribute[] = [{ name: 'pk', type: 'S' }];

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function infer(
  items: readonly RawItem[],
  config: Partial<RecordConfig> = {},
  keys: readonly KeyAttribute[] = KEYS,
) {
  const inference = new SchemaInference(keys, { ...CONFIG, ...config });
  for (const item of items) inference.add(item);
  return inference.toSchema();
}

function propertiesOf(...parameters: Parameters<typeof infer>): Properties {
  return infer(...parameters).properties as Properties;
}

/** The schema of an attribute that came with these values. */
function inferValues(values: readonly object[], config: Partial<RecordConfig> = {}): unknown {
  const items = values.map((a) => ({ pk: { S: 'k' }, a }) as unknown as RawItem);
  return propertiesOf(items, config).a;
}

const NESTED = { properties: {}, additionalProperties: true };

describe('the schema of a table', () => {
  const cases: readonly (readonly [string, readonly object[], object])[] = [
    ['strings', [{ S: 'x' }], { type: ['string', 'null'] }],
    ['integers', [{ N: '1' }, { N: '-5' }], { type: ['integer', 'null'] }],
    ['64-bit integers', [{ N: '9223372036854775807' }], { type: ['integer', 'null'] }],
    ['the smallest of them', [{ N: '-9223372036854775808' }], { type: ['integer', 'null'] }],
    ['wider integers', [{ N: '9223372036854775808' }], { type: ['number', 'null'] }],
    ['negative wider ones', [{ N: '-9223372036854775809' }], { type: ['number', 'null'] }],
    ['an integer and a fraction', [{ N: '1' }, { N: '1.5' }], { type: ['number', 'null'] }],
    ['a fraction and an integer', [{ N: '1.5' }, { N: '1' }], { type: ['number', 'null'] }],
    ['exponents', [{ N: '1E+100' }], { type: ['number', 'null'] }],
    ['booleans', [{ BOOL: false }], { type: ['boolean', 'null'] }],
    ['binaries', [{ B: 'AA==' }], { type: ['string', 'null'], contentEncoding: 'base64' }],
    ['binaries and strings', [{ B: 'AA==' }, { S: 'x' }], { type: ['string', 'null'] }],
    [
      'binaries and numbers',
      [{ B: 'AA==' }, { N: '1' }],
      { type: ['integer', 'string', 'null'], contentEncoding: 'base64' },
    ],
    ['nothing but NULL', [{ NULL: true }], { type: ['string', 'null'] }],
    ['NULL and numbers', [{ NULL: true }, { N: '1' }], { type: ['integer', 'null'] }],
    ['lists', [{ L: [{ S: 'x' }] }], { type: ['array', 'null'] }],
    ['string sets', [{ SS: ['x'] }], { type: ['array', 'null'] }],
    ['number sets', [{ NS: ['1'] }], { type: ['array', 'null'] }],
    ['binary sets', [{ BS: ['AA=='] }], { type: ['array', 'null'] }],
    ['empty maps', [{ M: {} }], { type: ['object', 'null'], ...NESTED }],
    [
      'every type',
      [{ S: 'x' }, { N: '1' }, { BOOL: true }, { L: [] }, { M: {} }, { SS: ['a'] }, { NULL: true }],
      { type: ['array', 'boolean', 'integer', 'object', 'string', 'null'], ...NESTED },
    ],
    [
      'maps of different members',
      [{ M: { a: { N: '1' }, c: { S: 'x' } } }, { M: { b: { BOOL: true }, a: { S: 'x' } } }],
      {
        type: ['object', 'null'],
        properties: {
          a: { type: ['integer', 'string', 'null'] },
          b: { type: ['boolean', 'null'] },
          c: { type: ['string', 'null'] },
        },
        additionalProperties: true,
      },
    ],
    [
      'maps within maps',
      [{ M: { m: { M: { x: { B: 'AA==' } } } } }],
      {
        type: ['object', 'null'],
        properties: {
          m: {
            type: ['object', 'null'],
            properties: { x: { type: ['string', 'null'], contentEncoding: 'base64' } },
            additionalProperties: true,
          },
        },
        additionalProperties: true,
      },
    ],
  ];
  for (const [name, values, schema] of cases) {
    it(`knows ${name}`, () => {
      expect(inferValues(values)).to.deep.equal(schema);
    });
  }

  it('is an object that takes more than it lists', () => {
    expect(infer([])).to.deep.equal({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { pk: { type: 'string' } },
      additionalProperties: true,
    });
  });

  it('lists keys first and never null, then the others by name', () => {
    const keys: readonly KeyAttribute[] = [
      { name: 'pk', type: 'S' },
      { name: 'at', type: 'N' },
    ];
    const item = { z: { S: 'x' }, at: { N: '5' }, a: { S: 'x' }, pk: { S: 'k' } };
    const properties = propertiesOf([item], {}, keys);
    expect(Object.keys(properties)).to.deep.equal(['pk', 'at', 'a', 'z']);
    expect([properties.pk, properties.at]).to.deep.equal([{ type: 'string' }, { type: 'integer' }]);
  });

  it('knows keys of every type before it has seen an item', () => {
    const keys: readonly KeyAttribute[] = [
      { name: 'n', type: 'N' },
      { name: 'b', type: 'B' },
    ];
    const b = { type: 'string', contentEncoding: 'base64' };
    expect(propertiesOf([], {}, keys)).to.deep.equal({ n: { type: 'number' }, b });
    expect(propertiesOf([], { numberValues: 'string' }, keys)).to.deep.equal({
      n: { type: 'string' },
      b,
    });
  });

  it('makes text of nested values where records do', () => {
    const config = { nestedValues: 'string' } as const;
    for (const value of [{ M: { a: { S: 'x' } } }, { L: [] }, { SS: ['a'] }, { NS: ['1'] }]) {
      expect(inferValues([value], config)).to.deep.equal({ type: ['string', 'null'] });
    }
    expect(inferValues([{ B: 'AA==' }, { L: [] }], config)).to.deep.equal({
      type: ['string', 'null'],
    });
  });

  it('makes text of numbers where records do, in maps too', () => {
    const config = { numberValues: 'string' } as const;
    expect(inferValues([{ N: '1' }, { B: 'AA==' }], config)).to.deep.equal({
      type: ['string', 'null'],
    });
    expect(inferValues([{ M: { n: { N: '1.5' } } }], config)).to.deep.include({
      properties: { n: { type: ['string', 'null'] } },
    });
  });

  it('lists the keys and data alone in packed records', () => {
    const item = { pk: { S: 'k' }, a: { N: '1' } };
    expect(propertiesOf([item], { format: 'packed' })).to.deep.equal({
      pk: { type: 'string' },
      data: { type: ['object', 'null'], additionalProperties: true },
    });
    expect(propertiesOf([item], { format: 'packed', nestedValues: 'string' })).to.deep.equal({
      pk: { type: 'string' },
      data: { type: ['string', 'null'] },
    });
  });

  it('lists two hundred members of a map, and none of a map with more', () => {
    const mapOf = (from: number, count: number): object => ({
      M: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`m${from + index}`, { S: 'x' }]),
      ),
    });
    const { properties } = inferValues([mapOf(0, 120), mapOf(80, 120)]) as {
      properties: object;
    };
    expect(Object.keys(properties)).to.have.lengthOf(200);
    const open = { type: ['object', 'null'], additionalProperties: true };
    expect(inferValues([mapOf(0, 120), mapOf(81, 120)])).to.deep.equal(open);
    expect(inferValues([mapOf(0, 5000), mapOf(0, 1), mapOf(3, 2)])).to.deep.equal(open);
  });

  it('lists every name, whatever it means to JavaScript', () => {
    const text =
      '{"pk":{"S":"k"},"__proto__":{"M":{"__proto__":{"N":"1"},"constructor":{"S":""}}}}';
    const properties = propertiesOf([JSON.parse(text) as RawItem]);
    expect(Object.keys(properties)).to.deep.equal(['pk', '__proto__']);
    const { properties: members } = Object.entries(properties)[1]?.[1] ?? {};
    expect(Object.keys(members as object)).to.deep.equal(['__proto__', 'constructor']);
  });

  it('is the same in whatever order the items come', () => {
    const items: RawItem[] = [
      { pk: { S: 'a' }, x: { N: '1' }, m: { M: { b: { S: '' } } } },
      { pk: { S: 'b' }, x: { N: '1.5' }, y: { NULL: true } },
      { pk: { S: 'c' }, y: { L: [] }, m: { M: { a: { BOOL: true } } } },
    ];
    expect(JSON.stringify(infer([...items].reverse()))).to.equal(JSON.stringify(infer(items)));
  });
});
