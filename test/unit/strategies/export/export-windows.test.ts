import { expect } from 'chai';
import {
  checkReach,
  latestSecond,
  nextWindow,
} from '../../../../src/strategies/export/export-windows.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNTIL = Date.parse('2026-11-01T00:00:00Z');

describe('the windows of incremental exports', () => {
  it('begin where the last one ended, and are a quarter of an hour to a day long', () => {
    const lengths = [0, 15 * MINUTE - 1, 15 * MINUTE, DAY, DAY + 1, 40 * DAY].map((passed) => {
      const window = nextWindow(UNTIL, UNTIL + passed);
      expect(window?.from ?? UNTIL).to.equal(UNTIL);
      return window && window.to - window.from;
    });
    expect(lengths).to.deep.equal([undefined, undefined, 15 * MINUTE, DAY, DAY, DAY]);
  });

  it('cover a pause without hole or overlap, up to the last quarter of an hour', () => {
    const target = UNTIL + 3 * DAY + 14 * MINUTE;
    let until = UNTIL;
    for (let window = nextWindow(until, target); window !== undefined;) {
      expect(window.from).to.equal(until);
      until = window.to;
      window = nextWindow(until, target);
    }
    expect(until).to.equal(UNTIL + 3 * DAY);
  });

  it('end in whole seconds', () => {
    expect(latestSecond({ earliest: 0, latest: UNTIL + 1999 })).to.equal(UNTIL + 1000);
  });

  it('may not begin before the recovery does', () => {
    const window = { from: UNTIL, to: UNTIL + DAY };
    checkReach(window, { earliest: UNTIL, latest: UNTIL + DAY }, 'orders');
    const later = { earliest: UNTIL + 1, latest: UNTIL + DAY };
    expect(() => checkReach(window, later, 'orders')).to.throw('reaches back to');
  });
});
