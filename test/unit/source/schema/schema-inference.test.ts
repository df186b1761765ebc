import { expect } from 'chai';
import type { RecordConfig } from '../../../../src/config/config.ts';
import { stringifyOrdered } from '../../../../src/json/ordered-json.ts';
import type { RawItem } from '../../../../src/aws/dynamodb/attribute-value.ts';
import type { KeyAttribute } from '../../../../src/aws/dynamodb/tables.ts';
import { SchemaInference, toRecordSchema } from '../../../../src/source/schema/schema-inference.ts';

const CONFIG: RecordConfig = {
  format: 'columns',
  nestedValues: 'json',
  numberValues: 'number',
  unlistedAttributes: 'drop',
};
const KEYS: readonly KeyAttribute[] = [{ name: 'pk', type: 'S' }];

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function inferColumns(
  items: readonly RawItem[],
  config: Partial<RecordConfig> = {},
  keys: readonly KeyAttribute[] = KEYS,
  isWholeTable = true,
) {
  const inference = new SchemaInference(keys, { ...CONFIG, ...config });
  for (const item of items) inference.add(item);
  return inference.toColumns(isWholeTable);
}

/** As it is written. */
function infer(...parameters: Parameters<typeof inferColumns>): { readonly properties: object } {
  return JSON.parse(stringifyOrdered(toRecordSchema(inferColumns(...parameters)))) as {
    properties: object;
  };
}

function propertiesOf(...parameters: Parameters<typeof inferColumns>): Properties {
  return infer(...parameters).properties as Properties;
}

function itemsOf(values: readonly object[]): readonly RawItem[] {
  return values.map((a) => ({ pk: { S: 'k' }, a }) as unknown as RawItem);
}

/** The schema of an attribute that came with these values, in a table that was sampled whole. */
function inferValues(values: readonly object[], config: Partial<RecordConfig> = {}): unknown {
  return propertiesOf(itemsOf(values), config).a;
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
    const forwards = stringifyOrdered(inferColumns(items));
    expect(stringifyOrdered(inferColumns([...items].reverse()))).to.equal(forwards);
    expect(Object.keys(JSON.parse(forwards) as object)).to.deep.equal(['pk', 'm', 'x', 'y']);
  });
});

describe('the type of whole numbers', () => {
  const KEY: readonly KeyAttribute[] = [{ name: 'at', type: 'N' }];
  /** The types of a key, an attribute and a member of a map that were each seen in so many items. */
  function typesOf(count: number, isWholeTable: boolean): readonly unknown[] {
    const items = Array.from({ length: count }, (_, n) => ({
      at: { N: String(n) },
      price: { N: String(n) },
      map: { M: { price: { N: String(n) } } },
    }));
    const { at, price, map } = propertiesOf(items, {}, KEY, isWholeTable);
    const { price: member } = map?.properties as Properties;
    return [at?.type, price?.type, member?.type];
  }

  for (const [count, isWholeTable, type] of [
    [99, false, 'number'],
    [100, false, 'integer'],
    [1, true, 'integer'],
  ] as const) {
    it(`is ${type} for ${count} of ${isWholeTable ? 'a whole' : 'a larger'} table`, () => {
      const expected = [type, [type, 'null'], [type, 'null']];
      expect(typesOf(count, isWholeTable)).to.deep.equal(expected);
    });
  }

  it('is number as soon as one of very many has a fraction or is wider than 64 bits', () => {
    for (const odd of ['0.5', '9223372036854775808', '1E+20']) {
      const values = [...Array.from({ length: 500 }, () => ({ N: '1' })), { N: odd }];
      expect(inferValues(values)).to.deep.equal({ type: ['number', 'null'] });
    }
  });

  it('counts the numbers of the attribute, not its other values, nor the items', () => {
    const values = Array.from({ length: 300 }, (_, n) => (n < 99 ? { N: '1' } : { S: 'x' }));
    const { a } = propertiesOf(itemsOf(values), {}, KEYS, false);
    expect(a?.type).to.deep.equal(['number', 'string', 'null']);
  });

  it('is number for a key of which nothing was seen, even of a whole table', () => {
    expect(propertiesOf([], {}, KEY, true).at).to.deep.equal({ type: 'number' });
  });
});

describe('the columns of a table', () => {
  const namesOf = (...parameters: Parameters<typeof inferColumns>): readonly string[] => [
    ...inferColumns(...parameters).keys(),
  ];

  it('begin with the keys, whatever they and the others are called', () => {
    const keys: readonly KeyAttribute[] = [
      { name: 'pk', type: 'S' },
      { name: '10', type: 'S' },
    ];
    const items = [{ pk: { S: 'k' }, '10': { S: 'k' }, '2': { S: '' }, '': { S: '' } }];
    expect(namesOf(items, {}, keys)).to.deep.equal(['pk', '10', '', '2']);
    const text = stringifyOrdered(toRecordSchema(inferColumns(items, {}, keys)));
    expect(text).to.match(/"properties":\{"pk":.*"10":.*"":.*"2":/);
  });

  it('are the thousand most frequent, of equals those first by name', () => {
    const rare = Array.from({ length: 1500 }, (_, n) => `d${String(n).padStart(4, '0')}`);
    const items: RawItem[] = [
      ...rare.map((name) => ({ pk: { S: 'k' }, [name]: { S: '' } })),
      ...Array.from({ length: 3 }, () => ({ pk: { S: 'k' }, zz: { S: '' } })),
      { d1499: { S: '' } },
    ];
    const names = namesOf(items);
    expect(names).to.deep.equal(['pk', ...rare.slice(0, 997), 'd1499', 'zz']);
    expect(namesOf([...items].reverse())).to.deep.equal(names);
  });

  it('have the key among them that no item has', () => {
    const items = [
      Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`a${n}`, { S: '' }])),
    ];
    const inference = new SchemaInference(KEYS, CONFIG);
    for (const item of items) inference.add(item);
    expect(inference.attributeCount).to.equal(1201);
    expect([...inference.toColumns(true).keys()].slice(0, 1)).to.deep.equal(['pk']);
    expect(inference.toColumns(true).size).to.equal(1000);
  });
});
