import { expect } from 'chai';
import { TokenBucket } from '../../../../src/strategies/scan/token-bucket.ts';

const CASES: readonly {
  readonly name: string;
  readonly unitsPerSecond: number;
  readonly spenders: number;
  /** What happened: `spend` and `giveBack` in units, `pass` in milliseconds. */
  readonly story: readonly (readonly ['spend' | 'giveBack' | 'pass', number])[];
  readonly page: number;
  readonly msUntil: number;
}[] = [
  {
    name: 'lets the first page through',
    ...{ unitsPerSecond: 100, spenders: 4, story: [] },
    page: 50,
    msUntil: 0,
  },
  {
    name: 'has a second worth of pages at the start, and no more',
    ...{ unitsPerSecond: 100, spenders: 4, page: 50, msUntil: 500 },
    story: [
      ['spend', 50],
      ['spend', 50],
    ],
  },
  {
    name: 'keeps no more than a page for each spender',
    ...{ unitsPerSecond: 1000, spenders: 2, page: 10, msUntil: 10 },
    story: [
      ['spend', 10],
      ['pass', 60_000],
      ['spend', 10],
      ['spend', 10],
    ],
  },
  {
    name: 'lets a page of more than a second through once it is saved for',
    ...{ unitsPerSecond: 10, spenders: 4, page: 128, msUntil: 12_800 },
    story: [['spend', 128]],
  },
  {
    name: 'waits out the debt of a page that was dearer than expected',
    ...{ unitsPerSecond: 100, spenders: 1, page: 10, msUntil: 1000 },
    story: [
      ['spend', 10],
      ['giveBack', -90],
    ],
  },
  {
    name: 'goes on at once after a page that was cheaper',
    ...{ unitsPerSecond: 100, spenders: 1, page: 100, msUntil: 10 },
    story: [
      ['spend', 100],
      ['giveBack', 99],
    ],
  },
  {
    name: 'takes back what was paid for a page that did not come',
    ...{ unitsPerSecond: 100, spenders: 1, page: 100, msUntil: 0 },
    story: [
      ['spend', 100],
      ['giveBack', 100],
    ],
  },
];

describe('a token bucket', () => {
  for (const { name, unitsPerSecond, spenders, story, page, msUntil } of CASES) {
    it(name, () => {
      let now = 0;
      const bucket = new TokenBucket({ unitsPerSecond, spenders, now: () => now });
      for (const [event, amount] of story) {
        if (event === 'pass') now += amount;
        else {
          // A page is looked at before it is paid.
          bucket.msUntil(page);
          bucket[event](amount);
        }
      }
      expect(bucket.msUntil(page)).to.be.closeTo(msUntil, 1e-6);
    });
  }
});
