import { expect } from 'chai';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { GUARD_BYTES, PageMemory, SLOT_BYTES } from '../../../src/records/page-memory.ts';

const RESERVED_BYTES = 100;

describe('page memory', () => {
  it('lends each slot once until it is released', () => {
    const pages = new PageMemory(2, RESERVED_BYTES);
    const [first, second, none] = [pages.acquire(), pages.acquire(), pages.acquire()];
    expect(none).to.equal(undefined);
    first?.fill(1);
    second?.fill(2);
    expect(first?.every((byte) => byte === 1)).to.equal(true);
    if (first !== undefined) pages.release(first);
    expect(pages.acquire()).to.equal(first);
    expect(pages.acquire()).to.equal(undefined);
  });

  it('keeps its slots apart from each other and from what is reserved, with a guard behind each', () => {
    const pages = new PageMemory(3, RESERVED_BYTES);
    const starts = [0, 1, 2].map(() => pages.acquire()?.byteOffset ?? 0);
    expect(Math.min(...starts)).to.be.at.least(RESERVED_BYTES);
    const [first = 0, second, third] = starts.sort((a, b) => a - b);
    expect([second, third]).to.deep.equal([first + SLOT_BYTES, first + 2 * SLOT_BYTES]);
    expect(pages.memory.buffer.byteLength).to.be.at.least(first + 3 * SLOT_BYTES);
    expect(new PageMemory(1, 0).acquire()).to.have.lengthOf(SLOT_BYTES - GUARD_BYTES);
  });

  describe('gives the CRC-32 that zlib gives', () => {
    const pages = new PageMemory(1, RESERVED_BYTES);
    const slot = pages.acquire() ?? Buffer.alloc(0);

    it('of bytes of any length at any place', () => {
      const lengths = fc.oneof(fc.nat(2000), fc.nat(200_000), fc.nat(slot.length));
      fc.assert(
        fc.property(lengths, fc.nat(64), fc.nat(), (length, offset, seed) => {
          const bytes = slot.subarray(offset, offset + length);
          fillFromSeed(bytes, seed);
          expect(pages.crc32(bytes)).to.equal(crc32(bytes));
        }),
        { numRuns: 150 },
      );
    });

    it('about the lengths at which it goes about it in another way', () => {
      for (const length of [
        2 ** 15,
        720 * 16,
        1020 * 16,
        2 * 720 * 16 + 4800,
        3 * 720 * 16 + 4800,
      ]) {
        for (let more = -33; more <= 33; more++) {
          const bytes = slot.subarray(more & 7, (more & 7) + 2 ** 15 + length + more);
          fillFromSeed(bytes, length + more);
          expect(pages.crc32(bytes), `${bytes.length}`).to.equal(crc32(bytes));
        }
      }
    });

    it('of bytes that are all zero or all ones, and of those of a larger page before', () => {
      for (const byte of [0, 255]) {
        slot.fill(byte);
        for (const length of [slot.length, 1_000_000, 40_000]) {
          const bytes = slot.subarray(0, length);
          expect(pages.crc32(bytes)).to.equal(crc32(bytes));
        }
      }
    });

    it('of bytes that lie elsewhere', () => {
      const bytes = Buffer.alloc(100_000, 'elsewhere');
      expect(pages.crc32(bytes)).to.equal(crc32(bytes));
    });

    it('so that any one bit that is wrong shows', () => {
      const bytes = slot.subarray(0, 120_000);
      fillFromSeed(bytes, 1);
      const right = pages.crc32(bytes);
      for (let bit = 0; bit < 8 * bytes.length; bit += 997) {
        const byte = bit >> 3;
        const kept = bytes[byte] ?? 0;
        bytes[byte] = kept ^ (1 << (bit & 7));
        expect(pages.crc32(bytes), `bit ${bit}`).to.not.equal(right);
        bytes[byte] = kept;
      }
    });
  });
});

/** Bytes that look random and are the same for the same seed. */
function fillFromSeed(bytes: Uint8Array, seed: number): void {
  let state = (seed >>> 0) + 1;
  for (let index = 0; index < bytes.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
}
