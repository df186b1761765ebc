import { expect } from 'chai';
import type { ScanConfig } from '../../../../src/config/config.ts';
import type { Table } from '../../../../src/aws/dynamodb/tables.ts';
import { resolveScan } from '../../../../src/strategies/scan/scan-settings.ts';

const TABLE: Table = {
  name: 'orders',
  reference: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders',
  status: 'ACTIVE',
  keys: [{ name: 'pk', type: 'S' }],
  itemCount: 1000,
  sizeBytes: 2 * 1024 ** 3,
  capacity: { provisioned: 400, warm: 12_000 },
  indexes: [
    {
      ...{ name: 'global', isGlobal: true, itemCount: 10, sizeBytes: 1000 },
      capacity: { onDemandMaximum: 50, warm: 100 },
    },
    {
      ...{ name: 'local', isGlobal: false, itemCount: 10, sizeBytes: 1000 },
      capacity: { provisioned: 400 },
    },
  ],
};

const SCAN: ScanConfig = {
  segments: 4,
  consistentRead: true,
  insistsOnConsistentRead: false,
  compressResponses: false,
  readLimit: {},
};

function settle(scan: Partial<ScanConfig>, table: Partial<Table> = {}) {
  return resolveScan({ ...SCAN, ...scan }, { ...TABLE, ...table });
}

describe('the settings of a scan', () => {
  it('ask for the table as it was given', () => {
    const { target, totalSegments, remarks } = settle({});
    expect(target).to.deep.equal({
      ...{ table: TABLE.reference, consistentRead: true, isCompressed: false },
    });
    expect(totalSegments).to.equal(4);
    expect(remarks).to.deep.equal([]);
  });

  it('count segments by the size of what is scanned', () => {
    expect(settle({ segments: 0 }).totalSegments).to.equal(8);
    expect(settle({ segments: 0, indexName: 'global' }).totalSegments).to.equal(1);
  });

  const BUDGETS: readonly (readonly [
    string,
    Partial<ScanConfig>,
    Partial<Table>,
    number | undefined,
  ])[] = [
    ['none', {}, {}, undefined],
    ['units', { readLimit: { maxReadCapacityUnits: 70 } }, {}, 70],
    ['percent of the provisioned capacity', { readLimit: { readCapacityPercent: 25 } }, {}, 100],
    [
      'percent of the on-demand maximum',
      { readLimit: { readCapacityPercent: 25 } },
      { capacity: { onDemandMaximum: 200, warm: 12_000 } },
      50,
    ],
    [
      'percent of the warm throughput',
      { readLimit: { readCapacityPercent: 25 } },
      { capacity: { warm: 12_000 } },
      3000,
    ],
    [
      'percent of an index',
      { readLimit: { readCapacityPercent: 50 }, indexName: 'global' },
      {},
      25,
    ],
    [
      'the smaller of both',
      { readLimit: { readCapacityPercent: 25, maxReadCapacityUnits: 99 } },
      {},
      99,
    ],
    [
      'the share of a slice',
      { readLimit: { maxReadCapacityUnits: 100 }, slice: { index: 3, count: 4 } },
      {},
      25,
    ],
  ];
  for (const [name, scan, table, unitsPerSecond] of BUDGETS) {
    it(`have a budget of ${name}`, () => {
      expect(settle(scan, table).unitsPerSecond).to.equal(unitsPerSecond);
    });
  }

  it('expect of a slice its share of the items', () => {
    const { itemCount, sizeBytes, scope } = settle({ slice: { index: 0, count: 4 } });
    expect([itemCount, sizeBytes]).to.deep.equal([250, 512 * 1024 ** 2]);
    expect(scope).to.deep.equal({ slice: { index: 0, count: 4 } });
  });

  it('read a global index eventually consistent, and say so', () => {
    const { target, remarks, scope } = settle({ indexName: 'global' });
    expect(target).to.deep.include({ indexName: 'global', consistentRead: false });
    expect(scope).to.deep.equal({ index_name: 'global' });
    expect(remarks.join()).to.include('orders: global is a global index');
  });

  it('read a local index as consistent as a table', () => {
    expect(settle({ indexName: 'local' }).target.consistentRead).to.equal(true);
  });

  const REFUSED: readonly (readonly [string, Partial<ScanConfig>, Partial<Table>, RegExp])[] = [
    ['an index that is not there', { indexName: 'other' }, {}, /it has global, local/],
    [
      'any index where there is none',
      { indexName: 'other' },
      { indexes: [] },
      /or any other index/,
    ],
    [
      'consistent reads of a global index',
      { indexName: 'global', insistsOnConsistentRead: true },
      {},
      /not support consistent reads/,
    ],
    [
      'a share of a capacity that is not known',
      { readLimit: { readCapacityPercent: 5, maxReadCapacityUnits: 5 } },
      { capacity: {} },
      /"max_read_capacity_units" instead/,
    ],
  ];
  for (const [name, scan, table, message] of REFUSED) {
    it(`refuse ${name}`, () => {
      expect(() => settle(scan, table)).to.throw(message);
    });
  }
});
