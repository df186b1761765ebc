import { expect } from 'chai';
import { AwsClock } from '../../../src/aws/clock.ts';

const HOUR_MS = 3_600_000;
const MACHINE = Date.parse('2026-11-26T12:00:00Z');

/** A clock, what it was told of being off, and an answer of AWS that is dated so far from the machine's time. */
function createClock() {
  const told: number[] = [];
  let now = MACHINE;
  const clock = new AwsClock(
    (offsetMs) => told.push(offsetMs),
    () => now,
  );
  const answer = (offsetMs: number, more: Readonly<Record<string, string>> = {}): void => {
    clock.learn({ date: new Date(now + offsetMs).toUTCString(), ...more }, clock.now());
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { clock, told, answer, pass };
}

describe("AWS's clock", () => {
  it('is that of the machine until an answer tells otherwise', () => {
    const { clock, told, answer } = createClock();
    expect(clock.now()).to.equal(MACHINE);
    for (const offsetMs of [0, 1000, -30_000, 59_000]) answer(offsetMs);
    expect([clock.offsetMs, told]).to.deep.equal([0, []]);
  });

  for (const offsetMs of [2 * HOUR_MS, -2 * HOUR_MS]) {
    it(`is known to be ${offsetMs / HOUR_MS} hours off from one answer, and said so once`, () => {
      const { clock, told, answer } = createClock();
      answer(offsetMs);
      answer(offsetMs + 1000);
      expect(clock.now()).to.equal(MACHINE + offsetMs);
      expect(told).to.deep.equal([offsetMs]);
    });
  }

  it("follows the machine's clock when that is set", () => {
    const { clock, answer, pass } = createClock();
    answer(-HOUR_MS);
    pass(2000 - HOUR_MS);
    answer(0);
    expect(clock.offsetMs).to.equal(0);
  });

  it('learns nothing from an answer that took long, a cached one, or one without a proper date', () => {
    const { clock, pass } = createClock();
    const sentAt = clock.now();
    const date = new Date(MACHINE + 5000).toUTCString();
    pass(HOUR_MS);
    clock.learn({ date }, sentAt);
    const old = new Date(MACHINE - HOUR_MS).toUTCString();
    clock.learn({ date: old, age: '3600' }, clock.now());
    clock.learn({ date: 'yesterday' }, clock.now());
    clock.learn({}, clock.now());
    expect(clock.offsetMs).to.equal(0);
  });

  it('is what a client of the SDK signs by, whatever that has learned itself', () => {
    const { clock, answer } = createClock();
    const config = { systemClockOffset: 0 };
    clock.govern(config);
    answer(HOUR_MS);
    config.systemClockOffset = 5;
    expect(config.systemClockOffset).to.equal(HOUR_MS);
  });
});

describe("AWS's time", () => {
  /** A clock whose machine is set wrong, and the time that elapses on it. */
  function createTimer() {
    let elapsed = 5000;
    const clock = new AwsClock(
      () => undefined,
      () => MACHINE - 30_000,
      () => elapsed,
    );
    const answer = (dated: number): void => {
      clock.learn({ date: new Date(dated).toUTCString() }, clock.now());
    };
    const pass = (ms: number): void => {
      elapsed += ms;
    };
    return { clock, answer, pass };
  }

  it('is not known before an answer has told it', () => {
    const { clock } = createTimer();
    expect(clock.awsNow()).to.equal(undefined);
    clock.learn({ date: 'yesterday' }, clock.now());
    expect(clock.awsNow()).to.equal(undefined);
  });

  it("is that of the last answer and what elapsed since, whatever the machine's clock says", () => {
    const { clock, answer, pass } = createTimer();
    answer(MACHINE);
    pass(1500);
    expect(clock.awsNow()).to.equal(MACHINE + 1500);
    answer(MACHINE + 2000);
    expect(clock.awsNow()).to.equal(MACHINE + 2000);
  });

  it('is not set back by an answer that was long on its way, but by one that shows it to be wrong', () => {
    const { clock, answer, pass } = createTimer();
    answer(MACHINE);
    pass(30_000);
    answer(MACHINE + 1000);
    expect(clock.awsNow()).to.equal(MACHINE + 30_000);
    answer(MACHINE - HOUR_MS);
    expect(clock.awsNow()).to.equal(MACHINE - HOUR_MS);
  });
});
