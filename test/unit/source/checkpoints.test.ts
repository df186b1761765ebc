import { expect } from 'chai';
import { Checkpoints } from '../../../src/source/checkpoints.ts';

const STATE_BYTES = 500;
const LARGE_STATE_BYTES = 330_000;

describe('checkpoints', () => {
  let now = 0;
  const clock = (): number => now;

  beforeEach(() => {
    now = 5_000;
  });

  it('are due once the interval is over, and again an interval after each', () => {
    const checkpoints = new Checkpoints(1000, clock);
    now += 999;
    expect(checkpoints.add({ records: 1, bytes: 0 })).to.equal(false);
    now += 1;
    expect(checkpoints.add({ records: 1, bytes: 0 })).to.equal(true);
    now += 5_000;
    checkpoints.begin(STATE_BYTES);
    now += 999;
    expect(checkpoints.add({ records: 1, bytes: 0 })).to.equal(false);
    now += 1;
    expect(checkpoints.add({ records: 1, bytes: 0 })).to.equal(true);
  });

  it('stay due until one is written', () => {
    const checkpoints = new Checkpoints(1000, clock);
    now += 1000;
    expect([
      checkpoints.add({ records: 1, bytes: 0 }),
      checkpoints.add({ records: 0, bytes: 0 }),
    ]).to.deep.equal([true, true]);
  });

  it('without an interval are due after every page, an empty one too', () => {
    const checkpoints = new Checkpoints(0, clock);
    expect(checkpoints.add({ records: 5, bytes: 0 })).to.equal(true);
    checkpoints.begin(STATE_BYTES);
    expect(checkpoints.add({ records: 0, bytes: 0 })).to.equal(true);
  });

  it('count each record once', () => {
    const checkpoints = new Checkpoints(1000, clock);
    checkpoints.add({ records: 3, bytes: 0 });
    checkpoints.add({ records: 0, bytes: 0 });
    checkpoints.add({ records: 4, bytes: 0 });
    expect(checkpoints.recordCount).to.equal(7);
    checkpoints.begin(STATE_BYTES);
    expect(checkpoints.recordCount).to.equal(0);
    checkpoints.add({ records: 2, bytes: 0 });
    expect(checkpoints.recordCount).to.equal(2);
  });

  describe('without an interval, behind a large state', () => {
    let checkpoints: Checkpoints;

    beforeEach(() => {
      checkpoints = new Checkpoints(0, clock);
      checkpoints.begin(LARGE_STATE_BYTES);
    });

    it('are due once as many bytes of records were written', () => {
      expect(checkpoints.add({ records: 9, bytes: LARGE_STATE_BYTES - 1 })).to.equal(false);
      expect(checkpoints.add({ records: 1, bytes: 1 })).to.equal(true);
      expect(checkpoints.recordCount).to.equal(10);
    });

    it('are due after a second, also when the pages are empty', () => {
      now += 999;
      expect(checkpoints.add({ records: 0, bytes: 0 })).to.equal(false);
      now += 1;
      expect(checkpoints.add({ records: 0, bytes: 0 })).to.equal(true);
    });

    it('are due after every page again once the state is small', () => {
      checkpoints.begin(STATE_BYTES);
      expect(checkpoints.add({ records: 1, bytes: 1 })).to.equal(true);
    });
  });
});
