import { expect } from 'chai';
import {
  type Loss,
  nextRow,
  planRepairWindows,
} from '../../../../../src/strategies/streams/gaps/repair-windows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const READ_TO = Date.parse('2026-11-24T12:00:00.700Z');

function plan(loss: Partial<Loss>) {
  const readTo = READ_TO;
  return planRepairWindows({
    ...{ readTo, deliveredTo: readTo, hasOld: false },
    now: readTo + 30 * HOUR_MS,
    ...loss,
  });
}

/** The windows as times of day and month. */
function render({ windows }: ReturnType<typeof plan>): readonly string[] {
  const write = (ms: number): string => new Date(ms).toISOString().slice(8, 19);
  return windows.map(({ from, to }) => `${write(from)} to ${write(to)}`);
}

describe('the windows that repair a gap', () => {
  it('begin before everything was read, where it was, and where nothing more was delivered', () => {
    const repair = plan({ deliveredTo: READ_TO + 4000 });
    expect(render(repair)).to.deep.equal([
      '24T11:45:00 to 24T12:00:00',
      '24T12:00:00 to 24T12:15:00',
      '24T12:00:05 to 24T22:00:00',
    ]);
    const rows = ['2026-11-24T12:00:00Z', '2026-11-24T12:00:05Z'].map((time) => Date.parse(time));
    expect(repair.rows).to.deep.equal(rows);
    const next = repair.windows.map((window) => nextRow(repair, window));
    expect(next).to.deep.equal([...rows, undefined]);
    expect(repair.readTo).to.equal(Date.parse('2026-11-24T22:00:00Z'));
  });

  it('begin a day before where old deletes were not delivered yet', () => {
    const repair = plan({ hasOld: true });
    expect(render(repair)).to.deep.equal([
      '23T12:00:00 to 24T12:00:00',
      '24T12:00:00 to 24T12:15:00',
      '24T12:00:01 to 24T22:00:00',
    ]);
  });

  it('leave no hole between two rows, however far apart they begin', () => {
    expect(render(plan({ deliveredTo: READ_TO + 3 * HOUR_MS }))).to.deep.equal([
      '24T11:45:00 to 24T12:00:00',
      '24T12:00:00 to 24T15:00:01',
      '24T15:00:01 to 24T22:00:00',
    ]);
  });

  it('are of a day at most, and follow each other', () => {
    const { windows, rows } = plan({ now: READ_TO + 100 * HOUR_MS });
    const again = rows.at(-1) ?? 0;
    const second = windows.filter(({ from }) => from >= again);
    expect(second).to.have.length(4);
    for (const [index, { from, to }] of second.entries()) {
      expect(to - from).to.be.within(15 * MINUTE_MS, 24 * HOUR_MS);
      expect(from).to.equal(index === 0 ? again : second[index - 1]?.to);
    }
  });

  it('are of a quarter of an hour at least', () => {
    const { windows } = plan({ now: READ_TO + 20 * HOUR_MS + MINUTE_MS });
    for (const { from, to } of windows) expect(to - from).to.be.at.least(15 * MINUTE_MS);
  });

  it('reach into a new change stream, whose changes within them are read too', () => {
    const streamMadeAt = READ_TO + 29 * HOUR_MS;
    const { windows, readTo } = plan({ streamMadeAt });
    expect(windows.at(-1)?.to).to.be.within(streamMadeAt, streamMadeAt + 2 * MINUTE_MS);
    expect(readTo).to.equal(Date.parse('2026-11-24T22:00:00Z'));
  });

  it('leave what was read at what it was, where the last sync is not long ago', () => {
    const now = READ_TO + HOUR_MS;
    const { windows, readTo } = plan({ now, streamMadeAt: now - MINUTE_MS });
    expect(readTo).to.equal(READ_TO);
    expect(windows.at(-1)?.to).to.be.at.least(now - MINUTE_MS);
  });
});
