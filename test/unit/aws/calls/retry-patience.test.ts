import { expect } from 'chai';
import { classifyError } from '../../../../src/aws/errors/classify-error.ts';
import type { FailedCall } from '../../../../src/aws/errors/failed-call.ts';
import { withRetries } from '../../../../src/aws/calls/retry.ts';

const MINUTE_MS = 60_000;
const CALL: FailedCall = {
  service: 'dynamodb',
  action: 'dynamodb:Scan',
  resource: 'orders',
  region: 'us-east-1',
};
const SLOWEST_PAUSE_MS = 20_000;

const THROTTLED = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
const RESET = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

interface Failures {
  /** What the attempt at this time fails with; undefined when it succeeds. */
  readonly fail: (now: number) => Error | undefined;
  readonly lastProgressAt?: (now: number) => number;
}

/** Retries on a clock that only pauses move, and tells when that ended and how. */
async function retry({ fail, lastProgressAt }: Failures): Promise<[number, string]> {
  let now = 0;
  const call = (): Promise<string> => {
    const failure = fail(now);
    return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
  };
  const end = await withRetries(call, {
    patienceMs: 5 * MINUTE_MS,
    throttlingPatienceMs: 30 * MINUTE_MS,
    signal: new AbortController().signal,
    classify: (thrown) => classifyError(thrown, CALL),
    now: () => now,
    random: () => 1,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    ...(lastProgressAt && { lastProgressAt: () => lastProgressAt(now) }),
  }).catch((error: unknown) => (error instanceof Error ? error.name : String(error)));
  return [now, end];
}

function expectWithinPause(ms: number, expected: number): void {
  expect(ms).to.be.within(expected - SLOWEST_PAUSE_MS, expected);
}

describe('the patience with a call', () => {
  it('is half an hour for throttling, and ends in a TransientError', async () => {
    const [endedAt, end] = await retry({ fail: () => THROTTLED });
    expect(end).to.equal('TransientError');
    expectWithinPause(endedAt, 30 * MINUTE_MS);
  });

  it('is five minutes for other faults', async () => {
    const [endedAt, end] = await retry({ fail: () => RESET });
    expect(end).to.equal('TransientError');
    expectWithinPause(endedAt, 5 * MINUTE_MS);
  });

  it('waits out throttling of 29 minutes', async () => {
    const [, end] = await retry({ fail: (now) => (now < 29 * MINUTE_MS ? THROTTLED : undefined) });
    expect(end).to.equal('done');
  });

  it('is counted from the last progress of the whole', async () => {
    const [endedAt] = await retry({ fail: () => RESET, lastProgressAt: () => 3 * MINUTE_MS });
    expectWithinPause(endedAt, 8 * MINUTE_MS);
  });

  it('is not used up by a time in which nothing was tried', async () => {
    const [, end] = await retry({
      fail: (now) => (now < MINUTE_MS ? RESET : undefined),
      lastProgressAt: () => -60 * MINUTE_MS,
    });
    expect(end).to.equal('done');
  });

  it('begins anew with a fault after throttling, but never outlasts half an hour', async () => {
    const alternate = (now: number): Error =>
      Math.floor(now / (4 * MINUTE_MS)) % 2 === 0 ? THROTTLED : RESET;
    const [endedAt] = await retry({ fail: alternate });
    expect(endedAt).to.be.within(28 * MINUTE_MS, 36 * MINUTE_MS);
  });
});
