import { expect } from 'chai';
import { expectAmount } from '../../../src/source/expected-amount.ts';
import type { ScanSettings } from '../../../src/strategies/scan/scan-settings.ts';

const SETTINGS: ScanSettings = {
  target: { table: 'orders', consistentRead: true },
  totalSegments: 4,
  scope: {},
  itemCount: 1000,
  sizeBytes: 4_096_000,
  capacity: {},
  remarks: [],
};

describe('the expected amount of a scan', () => {
  it('is its items', () => {
    expect(expectAmount('orders', SETTINGS, undefined)).to.deep.equal({ records: 1000 });
    expect(expectAmount('orders', SETTINGS, { scan_complete: true })).to.deep.equal({
      records: 1000,
    });
  });

  it('is its read units when a filter keeps items back', () => {
    const target = { ...SETTINGS.target, filterExpression: 'a = b' };
    expect(expectAmount('orders', { ...SETTINGS, target }, undefined)).to.deep.equal({
      readUnits: 1000,
    });
    const eventual = { ...target, consistentRead: false };
    expect(expectAmount('orders', { ...SETTINGS, target: eventual }, undefined)).to.deep.equal({
      readUnits: 500,
    });
  });

  it('is not known of a new table, nor of the rest of a resumed scan', () => {
    expect(expectAmount('orders', { ...SETTINGS, itemCount: 0 }, undefined)).to.deep.equal({});
    const state = { scan: { total_segments: 4, segments: [] } };
    expect(expectAmount('orders', SETTINGS, state)).to.deep.equal({});
  });
});
