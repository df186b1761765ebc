import { expect } from 'chai';
import { type HistoryEnd, type HistoryOptions, liveThrough } from './history.ts';
import type { Stamp } from './simulated-table.ts';

const HISTORIES = 25;
const HOUR_MS = 3_600_000;
// So far ahead of the start that nothing is ever cut off: the largest value that was seen is the next cursor.
const MAXIMUM_IS_CURSOR = -220_000_000_000_000;

const STAMPS: readonly (readonly [string, Stamp, (readonly number[])?])[] = [
  ['texts of milliseconds', (ms) => ({ S: new Date(ms).toISOString() })],
  ['texts of seconds', (ms) => ({ S: `${new Date(ms).toISOString().slice(0, 19)}+00:00` })],
  ['texts that leave out the fraction of a whole second', (ms) => ({ S: shorten(ms) })],
  ['dates', (ms) => ({ S: new Date(ms).toISOString().slice(0, 10) })],
  ['numbers of seconds', (ms) => ({ N: String(Math.floor(ms / 1000)) })],
  ['numbers of seconds with fractions', (ms) => ({ N: (ms / 1000).toFixed(3) })],
  ['numbers of milliseconds', (ms) => ({ N: String(Math.floor(ms)) })],
  [
    'texts of clocks on walls all over the world',
    (ms, zoneMs) => ({ S: new Date(ms + zoneMs).toISOString().slice(0, 19) }),
    [-12 * HOUR_MS, -5 * HOUR_MS, 0, 14 * HOUR_MS],
  ],
];

async function liveAll(options: Omit<HistoryOptions, 'seed'>): Promise<readonly HistoryEnd[]> {
  const ends: HistoryEnd[] = [];
  for (let seed = 1; seed <= HISTORIES; seed++) ends.push(await liveThrough({ ...options, seed }));
  return ends;
}

function countWrong(ends: readonly HistoryEnd[]): number {
  return ends.filter(({ stale }) => stale.length > 0).length;
}

describe('histories of a table that is written while it is read, with kills', () => {
  for (const [name, stamp, zones = [0]] of STAMPS) {
    it(`leave nothing stale: ${name}`, async () => {
      const ends = await liveAll({ stamp, zones });
      expect(countWrong(ends)).to.equal(0);
      expect(ends.some(({ kills }) => kills > 0)).to.equal(true);
    });

    it(`leave nothing stale beside a stamp of the year 9999: ${name}`, async () => {
      expect(countWrong(await liveAll({ stamp, zones, hasFuture: true }))).to.equal(0);
    });
  }

  for (const [name, stamp] of STAMPS.filter(([title]) => title !== 'dates')) {
    it(`lose changes where the largest value is the next cursor: ${name}`, async () => {
      const ends = await liveAll({ stamp, marginMs: MAXIMUM_IS_CURSOR });
      expect(countWrong(ends)).to.be.above(HISTORIES / 2);
    });
  }
});

/** As `java.time.Instant` is written. */
function shorten(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
