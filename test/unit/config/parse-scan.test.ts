import { expect } from 'chai';
import { chooseScan, findUnusedScans } from '../../../src/config/choose-scan.ts';
import type { Config } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

const REQUIRED = {
  region: 'us-east-1',
  credentials: { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' },
};

function parse(options: object): Config {
  return parseConfig({ ...REQUIRED, ...options });
}

describe('the scan of a config', () => {
  it('has no budget and no slice unless they are given, nor where a form sends them empty', () => {
    for (const scan of [undefined, {}, { slice: {} }, { slice: { index: null, count: null } }]) {
      const parsed = parse(scan === undefined ? {} : { scan }).scan;
      expect(parsed.readLimit).to.deep.equal({});
      expect(parsed).to.not.have.any.keys('slice', 'pageSize', 'filter');
    }
  });

  it('takes both kinds of budget', () => {
    const { scan } = parse({ scan: { max_read_capacity_units: 500, read_capacity_percent: 25 } });
    expect(scan.readLimit).to.deep.equal({ maxReadCapacityUnits: 500, readCapacityPercent: 25 });
  });

  const REFUSED: readonly (readonly [string, object, RegExp])[] = [
    ['a budget of nothing', { scan: { max_read_capacity_units: 0 } }, /max_read_capacity_units/],
    ['more than all', { scan: { read_capacity_percent: 101 } }, /read_capacity_percent/],
    ['half a slice', { scan: { slice: { index: 0 } } }, /needs both/],
    ['a slice out of range', { scan: { slice: { index: 4, count: 4 } } }, /numbered from 0/],
    [
      'a slice of segments by size',
      { scan: { segments: 0, slice: { index: 0, count: 2 } } },
      /by size/,
    ],
    [
      'more slices than segments',
      { scan: { slice: { index: 0, count: 8 } } },
      /scan\.segments" is 4/,
    ],
    [
      'more slices than segments of a table',
      {
        scan: { segments: 8, slice: { index: 0, count: 8 } },
        table_options: [{ table: 'a', segments: 2 }],
      },
      /table_options\.0\.segments" is 2/,
    ],
  ];
  for (const [name, options, message] of REFUSED) {
    it(`refuses ${name}`, () => {
      expect(() => parse(options)).to.throw(message);
    });
  }
});

describe('table options', () => {
  it('count for the first entry that matches the name, over what scan says', () => {
    const config = parse({
      scan: { segments: 8, consistent_read: false, max_read_capacity_units: 100 },
      table_options: [
        { table: 'orders', segments: 2, read_capacity_percent: 10 },
        { table: 'o*', page_size: 5 },
      ],
    });
    expect(chooseScan(config, 'orders')).to.deep.equal({
      segments: 2,
      consistentRead: false,
      insistsOnConsistentRead: false,
      compressResponses: false,
      readLimit: { readCapacityPercent: 10 },
    });
    expect(chooseScan(config, 'others')).to.deep.include({ segments: 8, pageSize: 5 });
    expect(chooseScan(config, 'users')).to.equal(config.scan);
  });

  it('ask for every attribute when a form sends an empty projection', () => {
    for (const projection of [[], ['  ']]) {
      const config = parse({ table_options: [{ table: 'orders', projection }] });
      expect(chooseScan(config, 'orders')).not.to.have.property('projection');
    }
  });

  it('take an ARN for the name of its table', () => {
    const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
    const config = parse({ table_options: [{ table, page_size: 1 }] });
    expect(chooseScan(config, 'orders').pageSize).to.equal(1);
  });

  it('are named when no table has them, or an earlier entry has them all', () => {
    const tables = ['orders', 'o*', 'ord*', 'others', 'gone'];
    const config = parse({ table_options: tables.map((table) => ({ table, segments: 1 })) });
    expect(findUnusedScans(config, ['orders', 'others'])).to.deep.equal([
      '"table_options" names ord*, but earlier entries already apply to every table that matches it.',
      '"table_options" names others, but earlier entries already apply to every table that matches it.',
      '"table_options" names gone, but no selected table matches it.',
    ]);
  });

  it('hold a filter with names and values as JSON text', () => {
    const config = parse({
      table_options: [
        {
          table: '*',
          filter_expression: '#s = :open',
          expression_attribute_names: '{"#s":"status"}',
          expression_attribute_values: '{":open":{"S":"OPEN"}}',
        },
      ],
    });
    expect(chooseScan(config, 'any').filter).to.deep.equal({
      expression: '#s = :open',
      names: { '#s': 'status' },
      values: { ':open': { S: 'OPEN' } },
    });
  });

  const REFUSED: readonly (readonly [string, object, RegExp])[] = [
    ['without a table', { filter_expression: 'a = b' }, /table_options\.0\.table" is missing/],
    [
      'with names but no filter',
      { table: 'a', expression_attribute_names: '{}' },
      /no "filter_exp/,
    ],
    [
      'with names that are no JSON',
      { table: 'a', filter_expression: '#a', expression_attribute_names: '#a=b' },
      /table_options\.0\.expression_attribute_names" must be a string that contains a JSON object/,
    ],
    [
      'with names without a sharp',
      { table: 'a', filter_expression: '#a', expression_attribute_names: '{"a":"b"}' },
      /begin with "#"/,
    ],
    [
      'with values without a type',
      { table: 'a', filter_expression: ':a', expression_attribute_values: '{":a":"b"}' },
      /DynamoDB JSON/,
    ],
  ];
  for (const [name, entry, message] of REFUSED) {
    it(`refuse an entry ${name}`, () => {
      expect(() => parse({ table_options: [entry] })).to.throw(message);
    });
  }
});
