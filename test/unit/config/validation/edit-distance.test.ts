import { expect } from 'chai';
import { findNearest } from '../../../../src/config/validation/edit-distance.ts';

const NAMES = ['tables', 'scan', 'region', 'access_key_id', 'exclude_tables'];

describe('the nearest of several names', () => {
  for (const [name, nearest] of [
    ['table', 'tables'],
    ['Tables', 'tables'],
    ['tabels', 'tables'],
    ['tabel', 'tables'],
    ['regoin', 'region'],
    ['acces_key_id', 'access_key_id'],
    ['accessKeyId', 'access_key_id'],
    ['Access-Key-ID', 'access_key_id'],
    ['exlude_table', 'exclude_tables'],
    ['scans', 'scan'],
    ['span', 'scan'],
    ['spin', undefined],
    ['streams', undefined],
    ['region_name', undefined],
    ['', undefined],
  ] as const) {
    it(`to ${JSON.stringify(name)} is ${nearest ?? 'none'}`, () => {
      expect(findNearest(name, NAMES)).to.equal(nearest);
    });
  }
});
