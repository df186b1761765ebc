import { expect } from 'chai';
import { SyncEnd } from '../../../../../src/strategies/streams/changes/sync-end.ts';

const TARGET = 1_000_500;
const EMPTY = { recordCount: 0, latestSecond: 0 };

function noteEmpty(end: SyncEnd, count: number, at: number): boolean {
  let isRead = false;
  for (let index = 0; index < count; index++) isRead = end.note({ ...EMPTY, at });
  return isRead;
}

describe('the end of a sync', () => {
  it('is a record of a later second than the target', () => {
    const end = new SyncEnd({ target: TARGET, answers: 10 });
    expect(end.note({ recordCount: 3, latestSecond: 1000, at: TARGET })).to.equal(false);
    expect(end.note({ recordCount: 1, latestSecond: 1001, at: TARGET })).to.equal(true);
  });

  it('is ten empty answers in a row, the last of them five seconds behind the target', () => {
    const end = new SyncEnd({ target: TARGET, answers: 10 });
    expect(noteEmpty(end, 30, TARGET + 4999), 'too early').to.equal(false);
    expect(noteEmpty(end, 1, TARGET + 5000)).to.equal(true);
  });

  it('counts empty answers from the last record on', () => {
    const end = new SyncEnd({ target: TARGET, answers: 10 });
    expect(noteEmpty(end, 9, TARGET + 9000)).to.equal(false);
    end.note({ recordCount: 1, latestSecond: 999, at: TARGET + 9000 });
    expect(noteEmpty(end, 9, TARGET + 9000)).to.equal(false);
    expect(noteEmpty(end, 1, TARGET + 9000)).to.equal(true);
  });
});
