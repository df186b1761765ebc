import { expect } from 'chai';
import { costAMonth, type ReadWay } from '../../../src/strategies/read-way.ts';

const HOUR = 3600;

describe('the cost of later syncs in a month', () => {
  for (const [name, seconds, standingCost, expected] of [
    ['of syncs within the hour', 60, 0, 730],
    ['of syncs that take two hours each', 2 * HOUR, 0, 365],
    ['of syncs that take no time', 0, 0, 730],
    ['with what is paid for besides', 60, 12, 742],
  ] as const) {
    it(`is that ${name}`, () => {
      const sync = { readUnits: 0, cost: 1, seconds };
      const way: ReadWay = {
        ...{ name: 'Export', first: sync, later: sync, standingCost },
        bottleneck: 'export',
      };
      expect(costAMonth(way)).to.equal(expected);
    });
  }
});
