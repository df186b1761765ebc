import { expect } from 'chai';
import { type RetryOptions, withRetries } from '../../../../src/aws/calls/retry.ts';
import {
  ConfigError,
  type ConnectorError,
  toConnectorError,
  TransientError,
} from '../../../../src/errors.ts';

const MINUTE_MS = 60_000;

/** A clock that only pauses move. */
class FakeTime {
  now = 0;
  readonly pauses: number[] = [];

  options(changes: Partial<RetryOptions> = {}): RetryOptions {
    return {
      patienceMs: MINUTE_MS,
      signal: new AbortController().signal,
      classify: toConnectorError,
      now: () => this.now,
      random: () => 1,
      sleep: (ms) => {
        this.pauses.push(ms);
        this.now += ms;
        return Promise.resolve();
      },
      ...changes,
    };
  }
}

/** A call that fails so many times, and counts. */
function failing(times: number, error: Error = new TransientError('busy')) {
  const call = Object.assign(
    () => {
      call.attempts++;
      return call.attempts > times ? Promise.resolve('done') : Promise.reject(error);
    },
    { attempts: 0 },
  );
  return call;
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('retrying a call', () => {
  it('gives what a call gives, without a pause', async () => {
    const time = new FakeTime();
    expect(await withRetries(failing(0), time.options())).to.equal('done');
    expect(time.pauses).to.deep.equal([]);
  });

  it('doubles its pauses up to twenty seconds', async () => {
    const time = new FakeTime();
    const call = failing(11);
    expect(await withRetries(call, time.options({ patienceMs: 10 * MINUTE_MS }))).to.equal('done');
    expect(time.pauses).to.deep.equal([
      50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000,
    ]);
    expect(call.attempts).to.equal(12);
  });

  it('draws each pause from the upper half of its range', async () => {
    const time = new FakeTime();
    const draws = [0, 0.5, 1];
    await withRetries(failing(3), time.options({ random: () => draws.shift() ?? 0 }));
    expect(time.pauses).to.deep.equal([25, 75, 200]);
  });

  it('gives up with the last failure before a pause would outlast its patience', async () => {
    const time = new FakeTime();
    const last = new TransientError('still busy');
    const call = failing(Infinity, last);
    expect(await failureOf(withRetries(call, time.options({ patienceMs: 350 })))).to.equal(last);
    expect(time.pauses).to.deep.equal([50, 100, 200]);
    expect(call.attempts).to.equal(4);
  });

  it('counts patience from the first failure, not from the first attempt', async () => {
    const time = new FakeTime();
    const call = failing(1);
    const slow = async (): Promise<string> => {
      time.now += 10 * MINUTE_MS;
      return call();
    };
    // The failed attempt itself took longer than the patience.
    expect(await withRetries(slow, time.options({ patienceMs: 500 }))).to.equal('done');
  });

  it('without patience lets the first failure count', async () => {
    const time = new FakeTime();
    const call = failing(1);
    const failure = await failureOf(withRetries(call, time.options({ patienceMs: 0 })));
    expect(failure).to.be.instanceOf(TransientError);
    expect(call.attempts).to.equal(1);
  });

  it('does not try again what will not pass', async () => {
    for (const error of [new ConfigError('denied'), new RangeError('bug')]) {
      const time = new FakeTime();
      const call = failing(1, error);
      expect(await failureOf(withRetries(call, time.options()))).to.be.instanceOf(Error);
      expect(call.attempts).to.equal(1);
    }
  });

  it('judges a failure by what it is classified as', async () => {
    const time = new FakeTime();
    const cause = new Error('ECONNRESET');
    const classify = (thrown: unknown): ConnectorError =>
      new TransientError('net', { cause: thrown });
    expect(await withRetries(failing(2, cause), time.options({ classify }))).to.equal('done');
    const failure = await failureOf(
      withRetries(failing(2, cause), time.options({ classify, patienceMs: 0 })),
    );
    expect(failure).to.be.instanceOf(TransientError).with.property('cause', cause);
  });

  it('tells of each pause before it begins', async () => {
    const time = new FakeTime();
    const told: [string, number, number][] = [];
    const onRetry = (error: ConnectorError, pauseMs: number): void => {
      told.push([error.message, pauseMs, time.now]);
    };
    await withRetries(failing(2), time.options({ onRetry }));
    expect(told).to.deep.equal([
      ['busy', 50, 0],
      ['busy', 100, 50],
    ]);
  });

  it('ends with the reason of the signal when it was aborted during the call', async () => {
    const stop = new AbortController();
    const reason = new Error('told to stop');
    const call = (): Promise<never> => {
      stop.abort(reason);
      return Promise.reject(new TransientError('busy'));
    };
    const time = new FakeTime();
    const failure = await failureOf(withRetries(call, time.options({ signal: stop.signal })));
    expect(failure).to.equal(reason);
  });

  it('ends its own pause with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('told to stop');
    const call = failing(Infinity);
    const failure = await failureOf(
      withRetries(call, {
        patienceMs: MINUTE_MS,
        signal: stop.signal,
        classify: toConnectorError,
        onRetry: () => {
          setImmediate(() => {
            stop.abort(reason);
          });
        },
      }),
    );
    expect(failure).to.equal(reason);
    expect(call.attempts).to.equal(1);
  });
});
