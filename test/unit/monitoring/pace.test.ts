import { expect } from 'chai';
import { Pace } from '../../../src/monitoring/pace.ts';

describe('a pace', () => {
  const counts = (records: number) => ({ records, bytes: records * 10, readUnits: records / 2 });

  it('is that since the beginning while the window is not full', () => {
    const pace = new Pace(5000, 0);
    expect(pace.measure(counts(100), 2000)).to.deep.equal({
      recordsPerSecond: 50,
      bytesPerSecond: 500,
      readUnitsPerSecond: 25,
    });
  });

  it('forgets what is older than the window', () => {
    const pace = new Pace(5000, 0);
    for (let second = 1; second <= 10; second++) pace.measure(counts(1000), second * 1000);
    expect(pace.measure(counts(1600), 11_000).recordsPerSecond).to.equal(120);
  });

  it('is that since the last sample when samples are further apart than the window', () => {
    const pace = new Pace(30_000, 0);
    pace.measure(counts(3000), 30_000);
    expect(pace.measure(counts(3600), 60_000).recordsPerSecond).to.equal(20);
    expect(pace.measure(counts(3600), 100_000).recordsPerSecond).to.equal(0);
  });

  it('is a number in the moment in which it begins', () => {
    expect(new Pace(5000, 7).measure(counts(0), 7).recordsPerSecond).to.equal(0);
  });
});
