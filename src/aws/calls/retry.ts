import { setTimeout as sleepFor } from 'node:timers/promises';
import { type ConnectorError, TransientError } from '../../errors.ts';

// Pauses double from the first to the longest. Each is drawn from the upper half of its range, so that segments that
// failed together do not retry together.
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 20_000;
// Shorter pauses bridge trivial failures that nobody needs to know about.
const NOTABLE_PAUSE_MS = 500;

/** For how long failures are waited out. */
export interface RetryOptions {
  /** Milliseconds, counted from the first failure; 0 means no retry. */
  readonly patienceMs: number;
  /** The same for throttling, which ends by itself when others read less; `patienceMs` by default. */
  readonly throttlingPatienceMs?: number;
  /** When the work that the call belongs to last made progress, in terms of `now`; earlier failures are forgiven. */
  readonly lastProgressAt?: () => number;
  readonly signal: AbortSignal;
  /** Converts a failure into a ConnectorError; a TransientError is retried. */
  readonly classify: (thrown: unknown) => ConnectorError;
  /** Called before each pause. */
  readonly onRetry?: (error: ConnectorError, pauseMs: number) => void;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds; `performance.now` by default, which changes of the system clock do not affect. */
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Makes a call until it succeeds, fails for good or patience runs out.
 *
 * @throws ConnectorError of the last failure, or the reason of the signal when it is aborted.
 */
export async function withRetries<Result>(
  call: () => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { signal, now = readClock, sleep = sleepUnlessAborted, random = Math.random } = options;
  const patience = new PatienceClock(options);
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (thrown) {
      signal.throwIfAborted();
      const error = options.classify(thrown);
      const pauseMs = drawPause(attempt, random());
      const isPatient = patience.bears(now(), pauseMs, error.reason === 'throttled');
      if (!(error instanceof TransientError) || !isPatient) throw error;
      options.onRetry?.(error, pauseMs);
      await sleep(pauseMs, signal);
    }
  }
}

/** Keeps track of how long a call has been failing, and whether there is patience left. */
class PatienceClock {
  readonly #options: RetryOptions;
  #firstFailureAt: number | undefined;
  /** When the present run of faults without throttling began: a server that throttles is up, so it ends an outage. */
  #firstFaultAt: number | undefined;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Whether a failure now may be followed by a pause of this length. */
  bears(now: number, pauseMs: number, isThrottling: boolean): boolean {
    const { patienceMs, throttlingPatienceMs = patienceMs, lastProgressAt } = this.#options;
    this.#firstFailureAt ??= now;
    this.#firstFaultAt = isThrottling ? undefined : (this.#firstFaultAt ?? now);
    const failingSince = this.#firstFaultAt ?? this.#firstFailureAt;
    const since = Math.max(failingSince, lastProgressAt?.() ?? failingSince);
    return now + pauseMs - since <= (isThrottling ? throttlingPatienceMs : patienceMs);
  }
}

/** The log level at which a pause is reported. */
export function levelOfPause(pauseMs: number): 'debug' | 'warn' {
  return pauseMs < NOTABLE_PAUSE_MS ? 'debug' : 'warn';
}

function drawPause(attempt: number, random: number): number {
  const range = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return Math.round(range * (0.5 + random / 2));
}

function readClock(): number {
  return performance.now();
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
