import { expect } from 'chai';
import { setMaxListeners } from 'node:events';
import { type PacerClock, ScanPacer } from '../../../../src/strategies/scan/scan-pacer.ts';
import type { ScanSettings } from '../../../../src/strategies/scan/scan-settings.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const MINUTE_MS = 60_000;
const PAGE_BYTES = 1024 * 1024;

/** A clock that moves to the next sleeper's time when everybody sleeps. */
class SimulatedClock implements PacerClock {
  #now = 0;
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  readonly random = seededRandom(1);
  readonly now = () => this.#now;
  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#sleepers.push({ at: this.#now + ms, wake: resolve });
    });

  async run(untilMs: number): Promise<void> {
    for (;;) {
      // Lets everyone who is awake fall asleep.
      await new Promise(setImmediate);
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers[0];
      if (next === undefined || next.at > untilMs) return;
      this.#sleepers.shift();
      this.#now = next.at;
      next.wake();
    }
  }
}

interface Simulation {
  readonly unitsPerSecond: number;
  readonly segments: number;
  readonly itemBytes: (n: number) => number;
  readonly latencyMs: () => number;
  readonly consistentRead?: boolean;
  /** What one 4 KB costs at this server. */
  readonly billedUnit?: number;
}

/** Reads an endless table for a minute. */
async function readForAMinute(simulation: Simulation) {
  const { unitsPerSecond, segments, itemBytes, latencyMs } = simulation;
  const { consistentRead = true, billedUnit = consistentRead ? 1 : 0.5 } = simulation;
  const clock = new SimulatedClock();
  const pacer = new ScanPacer(settings(unitsPerSecond, consistentRead), segments, clock);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let item = 0;
  let consumed = 0;
  let largestPage = 0;
  let worstExcess = -Infinity;
  const readSegment = async (): Promise<void> => {
    for (;;) {
      const expected = await pacer.admit(stop.signal);
      let bytes = 0;
      let items = 0;
      while (items < (expected.limit ?? Infinity) && bytes < PAGE_BYTES) {
        bytes += itemBytes(item++);
        items++;
      }
      const units = Math.ceil(bytes / 4096) * billedUnit;
      await clock.sleep(latencyMs(), stop.signal);
      consumed += units;
      largestPage = Math.max(largestPage, units);
      worstExcess = Math.max(worstExcess, consumed - (unitsPerSecond * clock.now()) / 1000);
      pacer.adjust(expected, { units, items });
    }
  };
  const ends = Array.from({ length: segments }, () => readSegment().catch(() => undefined));
  await clock.run(MINUTE_MS);
  stop.abort();
  await Promise.all(ends);
  return { share: consumed / unitsPerSecond / 60, worstExcess, largestPage };
}

function settings(unitsPerSecond: number | undefined, consistentRead = true): ScanSettings {
  return {
    target: { table: 't', consistentRead },
    ...{ totalSegments: 4, scope: {}, itemCount: 0, sizeBytes: 0, capacity: {}, remarks: [] },
    ...(unitsPerSecond !== undefined && { unitsPerSecond }),
  };
}

const random = seededRandom(7);
const MIXED = () => Math.round(100 * 4000 ** random());
const RANDOM_LATENCY = () => 5 + random() * 95;

const SIMULATIONS: readonly (readonly [string, Simulation])[] = [
  ['full pages', { unitsPerSecond: 3000, segments: 4, itemBytes: () => 500, latencyMs: () => 30 }],
  [
    'many segments',
    { unitsPerSecond: 3000, segments: 64, itemBytes: () => 500, latencyMs: () => 30 },
  ],
  ['one segment', { unitsPerSecond: 500, segments: 1, itemBytes: () => 500, latencyMs: () => 100 }],
  [
    'less than a page a second',
    { unitsPerSecond: 100, segments: 4, itemBytes: () => 500, latencyMs: RANDOM_LATENCY },
  ],
  [
    'a unit a second',
    { unitsPerSecond: 1, segments: 4, itemBytes: () => 100, latencyMs: () => 20 },
  ],
  [
    'items of any size',
    { unitsPerSecond: 200, segments: 8, itemBytes: MIXED, latencyMs: RANDOM_LATENCY },
  ],
  [
    'eventual reads',
    {
      unitsPerSecond: 300,
      segments: 4,
      itemBytes: () => 2000,
      latencyMs: () => 20,
      consistentRead: false,
    },
  ],
  [
    'a server that does not double for consistent reads',
    {
      unitsPerSecond: 300,
      segments: 4,
      itemBytes: () => 2000,
      latencyMs: () => 20,
      billedUnit: 0.5,
    },
  ],
];

describe('a read budget over a minute', () => {
  for (const [name, simulation] of SIMULATIONS) {
    it(`is held within 5 %, and exceeded by a page a segment at most, with ${name}`, async () => {
      const { share, worstExcess, largestPage } = await readForAMinute(simulation);
      expect(share).to.be.within(0.95, 1.05);
      expect(worstExcess).to.be.at.most(largestPage * simulation.segments);
    });
  }
});

describe('a pacer', () => {
  it('lets the next one go as soon as a page turns out cheaper', async () => {
    const clock = new SimulatedClock();
    const pacer = new ScanPacer(settings(100), 4, clock);
    const { signal } = new AbortController();
    const first = await pacer.admit(signal);
    let admittedAt: number | undefined;
    void pacer.admit(signal).then(() => (admittedAt = clock.now()));
    await clock.run(100);
    expect(admittedAt).to.equal(undefined);
    pacer.adjust(first, { units: 1, items: 1 });
    await clock.run(200);
    expect(admittedAt).to.be.at.most(110);
  });

  it('lets everyone through at once without a budget', async () => {
    const pacer = new ScanPacer(settings(undefined), 4, new SimulatedClock());
    const { signal } = new AbortController();
    expect(await pacer.admit(signal)).to.deep.equal({ units: 256 });
    expect(await pacer.admit(signal)).to.deep.equal({ units: 256 });
  });

  it('holds every segment back, and lets them go at different times', async () => {
    const clock = new SimulatedClock();
    const pacer = new ScanPacer(settings(undefined), 4, clock);
    const { signal } = new AbortController();
    pacer.hold(1000);
    pacer.hold(200);
    const admitted: number[] = [];
    for (let n = 0; n < 4; n++) void pacer.admit(signal).then(() => admitted.push(clock.now()));
    await clock.run(MINUTE_MS);
    expect(admitted).to.have.length(4);
    expect(Math.min(...admitted)).to.be.at.least(1000);
    expect(Math.max(...admitted)).to.be.at.most(1250);
    expect(new Set(admitted).size).to.equal(4);
  });

  it('holds back also those that wait for the budget when the hold begins', async () => {
    const clock = new SimulatedClock();
    const pacer = new ScanPacer(settings(100), 4, clock);
    const { signal } = new AbortController();
    await pacer.admit(signal);
    const admitted: number[] = [];
    for (let n = 0; n < 3; n++) void pacer.admit(signal).then(() => admitted.push(clock.now()));
    await clock.run(10);
    pacer.hold(20_000);
    await clock.run(MINUTE_MS);
    expect(admitted).to.have.length(3);
    expect(Math.min(...admitted)).to.be.at.least(20_000);
  });

  it('ends the waiting of everyone when it is told to stop', async () => {
    const pacer = new ScanPacer(settings(1), 4, new SimulatedClock());
    const stop = new AbortController();
    const first = await pacer.admit(stop.signal);
    expect(first.units).to.equal(1);
    const waiting = [pacer.admit(stop.signal), pacer.admit(stop.signal)];
    await new Promise(setImmediate);
    stop.abort();
    const ends = await Promise.allSettled(waiting);
    expect(ends.map((end) => end.status)).to.deep.equal(['rejected', 'rejected']);
  });
});
