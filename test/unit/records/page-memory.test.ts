import { expect } from 'chai';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { GUARD_BYTES, LARGEST_PAGE_BYTES, PageMemory } from '../../../src/records/page-memory.ts';

const RESERVED_BYTES = 100;

describe('page memory', () => {
  it('lends stretches that do not touch each other nor what is reserved, with a guard behind each', () => {
    const pages = new PageMemory(4 * LARGEST_PAGE_BYTES, RESERVED_BYTES);
    const lent: Buffer[] = [];
    const step = fc.record({
      bytes: fc.nat(LARGEST_PAGE_BYTES),
      back: fc.nat(),
      lends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        for (const { bytes, back, lends } of steps) {
          const stretch = lends ? pages.lend(bytes) : undefined;
          if (stretch !== undefined) {
            expect(stretch.length).to.be.at.least(bytes);
            lent.push(stretch);
          } else {
            for (const given of lent.splice(back % (lent.length + 1), 1)) pages.takeBack(given);
          }
          let end = RESERVED_BYTES;
          for (const { byteOffset, length } of [...lent].sort(
            (a, b) => a.byteOffset - b.byteOffset,
          )) {
            expect(byteOffset).to.be.at.least(end);
            end = byteOffset + length + GUARD_BYTES;
          }
          expect(end).to.be.at.most(pages.memory.buffer.byteLength);
        }
        for (const given of lent.splice(0)) pages.takeBack(given);
      }),
    );
  });

  it('lends the lowest room that is free, so that no more is touched than needed', () => {
    const pages = new PageMemory(LARGEST_PAGE_BYTES, RESERVED_BYTES);
    const [first, second] = [lend(pages, 1_000_000), lend(pages, 1_000_000)];
    pages.takeBack(first);
    expect(lend(pages, 1_040_000).byteOffset).to.equal(first.byteOffset);
    pages.takeBack(second);
    expect(lend(pages, 3_000_000).byteOffset).to.equal(second.byteOffset);
  });

  it('lends no more than it has, nor room for what is no page, and forgets none of it', () => {
    const pages = new PageMemory(LARGEST_PAGE_BYTES, RESERVED_BYTES);
    expect(pages.lend(LARGEST_PAGE_BYTES - GUARD_BYTES + 1)).to.equal(undefined);
    for (let round = 0; round < 2; round++) {
      const lent: Buffer[] = [];
      for (let next = pages.lend(7_000_000); next !== undefined; next = pages.lend(7_000_000)) {
        lent.push(next);
      }
      expect(lent).to.have.lengthOf(3);
      pages.takeBack(Buffer.alloc(1));
      expect(pages.lend(7_000_000)).to.equal(undefined);
      for (const stretch of lent) pages.takeBack(stretch);
    }
  });

  describe('gives the CRC-32 that zlib gives', () => {
    const pages = new PageMemory(LARGEST_PAGE_BYTES, RESERVED_BYTES);
    const slot = lend(pages, LARGEST_PAGE_BYTES - GUARD_BYTES);

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

function lend(pages: PageMemory, bytes: number): Buffer {
  return pages.lend(bytes) ?? expect.fail('no room');
}

/** Bytes that look random and are the same for the same seed. */
function fillFromSeed(bytes: Uint8Array, seed: number): void {
  let state = (seed >>> 0) + 1;
  for (let index = 0; index < bytes.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
}
