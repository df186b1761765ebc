import { expect } from 'chai';
import { RateLimitNotice } from '../../../../src/strategies/scan/rate-limit-notice.ts';

describe('the notice of a rate limit', () => {
  it('is given when a stream waits and when it goes on, at most once a minute', () => {
    let now = 0;
    const told: [number, boolean][] = [];
    const notice = new RateLimitNotice(
      (isLimited) => told.push([now, isLimited]),
      () => now,
    );
    notice.goOn();
    for (now = 0; now < 130_000; now += 1000) {
      notice.wait();
      notice.wait();
      if (now % 2000 === 0) notice.goOn();
    }
    expect(told).to.deep.equal([
      [0, true],
      [0, false],
      [60_000, true],
      [60_000, false],
      [120_000, true],
      [120_000, false],
    ]);
  });

  it('is given again for a wait that outlasts the quiet', () => {
    let now = 0;
    const told: boolean[] = [];
    const notice = new RateLimitNotice(
      (isLimited) => told.push(isLimited),
      () => now,
    );
    notice.wait();
    notice.goOn();
    for (now = 1000; now < 100_000; now += 20_000) notice.wait();
    expect(told).to.deep.equal([true, false, true]);
  });
});
