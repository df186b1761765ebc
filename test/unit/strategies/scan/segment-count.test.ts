import { expect } from 'chai';
import { countSegmentsBySize } from '../../../../src/strategies/scan/segment-count.ts';

const MIB = 1024 * 1024;

describe('the number of segments by size', () => {
  for (const [sizeBytes, segments] of [
    [0, 4],
    [1, 1],
    [256 * MIB, 1],
    [256 * MIB + 1, 2],
    [1024 * MIB, 4],
    [10 * 1024 * MIB, 40],
    [16 * 1024 * MIB, 64],
    [1024 * 1024 * MIB, 64],
    [Number.MAX_SAFE_INTEGER, 64],
  ] as const) {
    it(`is ${segments} for ${sizeBytes} bytes`, () => {
      expect(countSegmentsBySize(sizeBytes)).to.equal(segments);
    });
  }
});
