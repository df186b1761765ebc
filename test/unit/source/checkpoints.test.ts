import { expect } from 'chai';
import { Checkpoints } from '../../../src/source/checkpoints.ts';

describe('checkpoints', () => {
  let now = 0;
  const clock = (): number => now;

  beforeEach(() => {
    now = 5_000;
  });

  it('are due once the interval is over, and again an interval after each', () => {
    const checkpoints = new Checkpoints(1000, clock);
    now += 999;
    expect(checkpoints.add(1)).to.equal(false);
    now += 1;
    expect(checkpoints.add(1)).to.equal(true);
    now += 5_000;
    checkpoints.take();
    now += 999;
    expect(checkpoints.add(1)).to.equal(false);
    now += 1;
    expect(checkpoints.add(1)).to.equal(true);
  });

  it('stay due until one is taken', () => {
    const checkpoints = new Checkpoints(1000, clock);
    now += 1000;
    expect([checkpoints.add(1), checkpoints.add(0)]).to.deep.equal([true, true]);
  });

  it('without an interval are due after every page, an empty one too', () => {
    const checkpoints = new Checkpoints(0, clock);
    expect(checkpoints.add(5)).to.equal(true);
    checkpoints.take();
    expect(checkpoints.add(0)).to.equal(true);
  });

  it('count each record once', () => {
    const checkpoints = new Checkpoints(1000, clock);
    checkpoints.add(3);
    checkpoints.add(0);
    checkpoints.add(4);
    expect(checkpoints.take()).to.equal(7);
    expect(checkpoints.take()).to.equal(0);
    checkpoints.add(2);
    expect(checkpoints.take()).to.equal(2);
  });
});
