import { setTimeout as sleepFor } from 'node:timers/promises';
import { type ConnectorError, TransientError } from '../../errors.ts';

// Doubles from the first to the longest pause, and each is drawn from the upper half of its range so that segments
// which failed together do not come back together.
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 20_000;
// Shorter ones bridge what passes by itself, and nobody needs to know.
const NOTABLE_PAUSE_MS = 500;

/** How long failures are waited out. */
export interface RetryOptions {
  /** Milliseconds from the first failure on; 0 means that the first failure counts. */
  readonly patienceMs: number;
  /** The same for throttling, which ends by itself when others read less; as `patienceMs` without it. */
  readonly throttlingPatienceMs?: number;
  /** When the work that the call is a part of last went forward: what failed before that is forgiven. As `now`. */
  readonly lastProgressAt?: () => number;
  readonly signal: AbortSignal;
  /** The failure as an error of ours; a TransientError is tried again. */
  readonly classify: (thrown: unknown) => ConnectorError;
  /** Told before each pause. */
  readonly onRetry?: (error: ConnectorError, pauseMs: number) => void;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds; `performance.now` without it, which no setting of the clock changes. */
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Makes a call until it succeeds, fails for good, or its patience is at an end.
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

/** How long a call has been failing, and whether that is borne any longer. */
class PatienceClock {
  readonly #options: RetryOptions;
  #firstFailureAt: number | undefined;
  /** Of the faults without throttling in between: who throttles is there, so an outage begins anew after it. */
  #firstFaultAt: number | undefined;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Whether a failure now may be followed by such a pause. */
  bears(now: number, pauseMs: number, isThrottling: boolean): boolean {
    const { patienceMs, throttlingPatienceMs = patienceMs, lastProgressAt } = this.#options;
    this.#firstFailureAt ??= now;
    this.#firstFaultAt = isThrottling ? undefined : (this.#firstFaultAt ?? now);
    const failingSince = this.#firstFaultAt ?? this.#firstFailureAt;
    const since = Math.max(failingSince, lastProgressAt?.() ?? failingSince);
    return now + pauseMs - since <= (isThrottling ? throttlingPatienceMs : patienceMs);
  }
}

/** How loud a pause is told of. */
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
