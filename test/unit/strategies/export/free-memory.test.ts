import { expect } from 'chai';
import { freeMemory } from '../../../../src/strategies/export/inflate/free-memory.ts';

const MIB = 1 << 20;

describe('memory that is freed', () => {
  it('does not wait for the garbage collector', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 1; count <= 28; count++) {
      freeMemory(new Uint8Array(MIB).fill(count));
      expect(process.memoryUsage().arrayBuffers - before, `after ${count}`).to.be.below(2 * MIB);
    }
  });
});
