import { expect } from 'chai';
import { tabulate } from '../../../src/monitoring/closing-table.ts';
import { describeProgress, describeRead } from '../../../src/monitoring/progress-line.ts';
import type { StreamProgress } from '../../../src/monitoring/stream-progress.ts';
import { readPage } from './sentences.ts';

const IDLE = { expected: {}, throttles: 0, retries: 0, outputWaitMs: 0 };
const ORDERS = { ...IDLE, name: 'orders', records: 60_000, bytes: 6.4e6, readUnits: 3904 };
const CUSTOMERS = { ...IDLE, name: 'customers', records: 500, bytes: 56_200, readUnits: 8 };
const FORBIDDEN = { ...IDLE, name: 'forbidden', records: 0, bytes: 0, readUnits: 0 };

describe('the log lines in the pages', () => {
  for (const page of ['../README.md', 'monitoring.md']) {
    it(`are the program's own: ${page}`, () => {
      const text = readPage(page);
      for (const line of [...progressLines(), ...closingLines()]) expect(text).to.include(line);
    });
  }
});

function progressLines(): readonly string[] {
  const running = {
    ...{ ...ORDERS, records: 42_400, bytes: 4.5e6, readUnits: 2756, elapsedMs: 30_000 },
    ...{ share: 0.705, expected: { records: 60_000 }, timeLeftMs: 12_400 },
  };
  const rates = { recordsPerSecond: 1415, bytesPerSecond: 0.2e6, readUnitsPerSecond: 92 };
  return [
    describeProgress(asProgress(running), rates),
    describeRead(asProgress({ ...ORDERS, elapsedMs: 44_000 })),
  ];
}

function closingLines(): readonly string[] {
  const streams = [
    { ...ORDERS, elapsedMs: 44_000, outcome: 'complete' },
    { ...CUSTOMERS, elapsedMs: 600, outcome: 'complete' },
    { ...FORBIDDEN, elapsedMs: 0, outcome: 'failed' },
  ];
  return tabulate(streams.map(asProgress), 44_700);
}

/** A stream's progress as it is after some time, which only a clock could bring it to. */
function asProgress(figures: object): StreamProgress {
  return JSON.parse(JSON.stringify(figures)) as StreamProgress;
}
