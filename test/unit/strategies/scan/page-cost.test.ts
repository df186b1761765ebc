import { expect } from 'chai';
import { PageCost, type PageCostOptions } from '../../../../src/strategies/scan/page-cost.ts';

const STRONG = { consistentRead: true, averageItemBytes: 0 };

function cost(options: Partial<PageCostOptions>): PageCost {
  return new PageCost({ ...STRONG, ...options });
}

/** Has pages read from a table of equal items, and gives the last one's limit and its bill. */
function readPages(pageCost: PageCost, itemBytes: number, granule: number, pages: number) {
  let limit: number | undefined;
  let units = 0;
  for (let n = 0; n < pages; n++) {
    const expected = pageCost.predict();
    const items = Math.min(expected.limit ?? Infinity, Math.floor((1024 * 1024) / itemBytes));
    const bytesPerGranule = 4096;
    units = Math.ceil((items * itemBytes) / bytesPerGranule) * granule;
    pageCost.learn(expected, { units, items });
    limit = expected.limit;
  }
  return { limit, units };
}

describe('the cost of a page', () => {
  const FIRST: readonly (readonly [string, Partial<PageCostOptions>, object])[] = [
    ['a full strong page without a budget', {}, { units: 256 }],
    ['a full eventual page without a budget', { consistentRead: false }, { units: 128 }],
    ['a full page within the budget', { unitsPerSecond: 256 }, { units: 256 }],
    [
      'so many items as the budget of a second pays',
      { unitsPerSecond: 50, averageItemBytes: 2048 },
      { limit: 100, units: 50 },
    ],
    [
      'items of 4 KB where their size is not known',
      { unitsPerSecond: 50 },
      { limit: 50, units: 50 },
    ],
    [
      'one item at least',
      { unitsPerSecond: 0.5, averageItemBytes: 40_960 },
      { limit: 1, units: 10 },
    ],
    [
      'no more than the page size',
      { pageSize: 10, averageItemBytes: 4096 },
      { limit: 10, units: 10 },
    ],
    [
      'the page size where it is smaller',
      { pageSize: 10, unitsPerSecond: 50 },
      { limit: 10, units: 10 },
    ],
    ['no more than a full page', { pageSize: 100_000 }, { limit: 100_000, units: 256 }],
  ];
  for (const [name, options, expected] of FIRST) {
    it(`is first expected to be ${name}`, () => {
      expect(cost(options).predict()).to.deep.equal(expected);
    });
  }

  const SIZES = [50, 400, 4096, 30_000, 400_000];
  for (const itemBytes of SIZES) {
    it(`comes within the budget of a second for items of ${itemBytes} bytes`, () => {
      const { units, limit = 0 } = readPages(cost({ unitsPerSecond: 100 }), itemBytes, 1, 20);
      const oneItem = itemBytes / 4096;
      expect(units).to.be.at.most(Math.max(105, oneItem + 1));
      expect(units).to.be.at.least(Math.min(100, 100 - oneItem) * 0.9);
      expect(limit).to.be.at.least(1);
    });
  }

  it('grows from pages of one tiny item', () => {
    const { limit } = readPages(cost({ unitsPerSecond: 1 }), 100, 1, 20);
    expect(limit).to.be.within(20, 60);
  });

  it('is learnt from the server also where consistent reads are billed as others', () => {
    const pageCost = cost({ unitsPerSecond: 1000 });
    readPages(pageCost, 1000, 0.5, 20);
    expect(pageCost.predict().units).to.be.closeTo(128, 1);
  });

  it('follows items that become larger', () => {
    const pageCost = cost({ unitsPerSecond: 100 });
    readPages(pageCost, 200, 1, 20);
    expect(readPages(pageCost, 8000, 1, 8).units).to.be.within(80, 110);
  });
});
