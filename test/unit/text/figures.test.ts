import { expect } from 'chai';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatShare,
} from '../../../src/text/figures.ts';

describe('figures', () => {
  for (const [count, text] of [
    [0, '0'],
    [0.5, '0.5'],
    [999, '999'],
    [1_234_567, '1,234,567'],
    [1000.04, '1,000'],
  ] as const) {
    it(`writes ${count} as ${text}`, () => {
      expect(formatCount(count)).to.equal(text);
    });
  }

  for (const [ms, text] of [
    [0, '0.0 s'],
    [4230, '4.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [220_000, '3 min 40 s'],
    [3_599_600, '1 h 0 min'],
    [7_530_000, '2 h 6 min'],
    [90_000_000, '25 h 0 min'],
  ] as const) {
    it(`writes ${ms} ms as ${text}`, () => {
      expect(formatDuration(ms)).to.equal(text);
    });
  }

  for (const [bytes, text] of [
    [0, '0 KB'],
    [530, '0.5 KB'],
    [99_940, '99.9 KB'],
    [100_000, '0.1 MB'],
    [1_260_000, '1.3 MB'],
    [2_500_000_000, '2,500.0 MB'],
  ] as const) {
    it(`writes ${bytes} bytes as ${text}`, () => {
      expect(formatBytes(bytes)).to.equal(text);
    });
  }

  it('rounds a share down, so that only all is 100 %', () => {
    expect(formatShare(0.999)).to.equal('99 %');
    expect(formatShare(1)).to.equal('100 %');
  });

  it('takes the singular for one alone', () => {
    expect(formatNumberOf(1, 'retry', 'retries')).to.equal('1 retry');
    expect(formatNumberOf(0, 'retry', 'retries')).to.equal('0 retries');
    expect(formatNumberOf(2000, 'throttle')).to.equal('2,000 throttles');
  });
});
