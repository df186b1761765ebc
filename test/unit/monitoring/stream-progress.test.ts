import { expect } from 'chai';
import { StreamProgress } from '../../../src/monitoring/stream-progress.ts';
import { ManualClock } from './manual-clock.ts';

const LINES = Buffer.alloc(1000);

describe('the progress of a stream', () => {
  let clock: ManualClock;
  let progress: StreamProgress;

  beforeEach(() => {
    clock = new ManualClock();
    progress = new StreamProgress('orders', clock);
  });

  it('adds up what arrives', () => {
    progress.addArrival({ recordCount: 10, lines: LINES, consumedReadUnits: 2.5 });
    progress.addArrival({ recordCount: 0, lines: LINES.subarray(0, 0), consumedReadUnits: 1 });
    progress.addArrival({ recordCount: 5, lines: LINES });
    const { records, bytes, readUnits } = progress;
    expect({ records, bytes, readUnits }).to.deep.equal({
      records: 15,
      bytes: 2000,
      readUnits: 3.5,
    });
  });

  it('knows no share and no time left without an expectation', () => {
    progress.addArrival({ recordCount: 10, lines: LINES });
    expect(progress.share).to.equal(undefined);
    expect(progress.timeLeftMs).to.equal(undefined);
  });

  it('goes by records rather than by read units', () => {
    progress.setExpected({ records: 100, readUnits: 1000 });
    progress.addArrival({ recordCount: 50, lines: LINES, consumedReadUnits: 1 });
    expect(progress.share).to.equal(0.5);
  });

  it('goes by read units where records are not comparable', () => {
    progress.setExpected({ readUnits: 1000 });
    progress.addArrival({ recordCount: 0, lines: LINES, consumedReadUnits: 250 });
    clock.advance(10_000);
    expect(progress.share).to.equal(0.25);
    expect(progress.timeLeftMs).to.equal(30_000);
  });

  it('is not done before its end, however old the estimate', () => {
    progress.setExpected({ records: 10 });
    progress.addArrival({ recordCount: 50, lines: LINES });
    expect(progress.share).to.equal(0.99);
    expect(progress.timeLeftMs).to.equal(undefined);
    progress.end('complete');
    expect(progress.share).to.equal(1);
  });

  it('goes by the rows of a snapshot, and knows no share of changes', () => {
    const figures = { openShards: 1, finishedShards: 0, waitingShards: 0, behindMs: 0 };
    let isInSnapshot = true;
    progress.watchChanges(() => ({ ...figures, changes: 20, isInSnapshot }));
    progress.setExpected({ records: 100 });
    progress.addArrival({ recordCount: 70, lines: LINES });
    expect(progress.share).to.equal(0.5);
    isInSnapshot = false;
    expect(progress.share).to.equal(undefined);
    expect(progress.timeLeftMs).to.equal(undefined);
  });

  it('adds up the changes of one reading after the other', () => {
    const figures = { openShards: 1, finishedShards: 0, waitingShards: 0, behindMs: 0 };
    for (const changes of [20, 0, 3]) {
      progress.watchChanges(() => ({ ...figures, changes, isInSnapshot: false }));
    }
    expect(progress.changes?.changes).to.equal(23);
  });

  it('takes the pace of reading, not of waiting, for the time left', () => {
    progress.setExpected({ records: 100 });
    progress.watchWaits(() => ({ waitMs: 0, totalMs: 600_000 }));
    clock.advance(600_000);
    progress.addArrival({ recordCount: 50, lines: LINES });
    clock.advance(20_000);
    expect(progress.timeLeftMs).to.equal(20_000);
  });

  it('guesses no time before a hundredth is read', () => {
    progress.setExpected({ records: 1000 });
    progress.addArrival({ recordCount: 9, lines: LINES });
    clock.advance(1000);
    expect(progress.timeLeftMs).to.equal(undefined);
  });

  it('tells waiting for DynamoDB from waiting for the output', () => {
    clock.advance(100);
    progress.begin();
    clock.advance(30);
    progress.addArrival({ recordCount: 1, lines: LINES });
    clock.advance(7);
    progress.noteWritten();
    clock.advance(5);
    progress.addArrival({ recordCount: 1, lines: LINES });
    expect(progress.inputWaitMs).to.equal(35);
    expect(progress.outputWaitMs).to.equal(7);
  });

  it('stops its time when it ends', () => {
    clock.advance(40);
    progress.end('failed');
    clock.advance(1000);
    expect(progress.elapsedMs).to.equal(40);
  });
});
