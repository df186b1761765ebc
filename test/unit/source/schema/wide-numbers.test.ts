import { expect } from 'chai';
import type { RecordConfig } from '../../../../src/config/config.ts';
import { findWideNumbers } from '../../../../src/source/schema/wide-numbers.ts';

const WIDE = { N: '12345678901234567890' };
const ITEMS = [
  { pk: { N: '1' }, narrow: { N: '1' }, text: { S: '12345678901234567890' } },
  {
    pk: WIDE,
    number: WIDE,
    map: { M: { in: { M: { deep: WIDE } } } },
    list: { L: [{ S: 'x' }, WIDE] },
    set: { NS: ['1', '12345678901234567890'] },
    texts: { SS: ['12345678901234567890'] },
    empty: { M: {} },
  },
];
const ALL = ['list', 'map', 'number', 'pk', 'set'];

describe('attributes with wide numbers', () => {
  for (const [config, expected] of [
    [{}, ALL],
    [{ format: 'packed' }, ALL],
    [{ nestedValues: 'string' }, ['number', 'pk']],
    [{ format: 'packed', nestedValues: 'string' }, ['pk']],
    [{ numberValues: 'string' }, []],
  ] as readonly (readonly [Partial<RecordConfig>, readonly string[]])[]) {
    it(`are those whose numbers stay numbers: ${JSON.stringify(config)}`, () => {
      const records: RecordConfig = {
        ...{ format: 'columns', nestedValues: 'json', numberValues: 'number' },
        unlistedAttributes: 'drop',
        ...config,
      };
      expect(findWideNumbers(ITEMS, ['pk'], records)).to.deep.equal(expected);
    });
  }
});
