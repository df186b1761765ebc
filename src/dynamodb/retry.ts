import { setTimeout as sleepFor } from 'node:timers/promises';
import { type ConnectorError, TransientError } from '../errors.ts';

// Doubles from the first to the longest pause, and each is drawn from the upper half of its range so that segments
// which failed together do not come back together.
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/** How long failures are waited out. */
export interface RetryOptions {
  /** Milliseconds from the first failure on; 0 means that the first failure counts. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** The failure as an error of ours; a TransientError is tried again. */
  readonly classify: (thrown: unknown) => ConnectorError;
  /** Told before each pause. */
  readonly onRetry?: (error: ConnectorError, pauseMs: number) => void;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
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
  const { signal, now = Date.now, sleep = sleepUnlessAborted, random = Math.random } = options;
  let firstFailureAt: number | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (thrown) {
      signal.throwIfAborted();
      const error = options.classify(thrown);
      firstFailureAt ??= now();
      const pauseMs = drawPause(attempt, random());
      const isPatient = now() + pauseMs - firstFailureAt <= options.patienceMs;
      if (!(error instanceof TransientError) || !isPatient) throw error;
      options.onRetry?.(error, pauseMs);
      await sleep(pauseMs, signal);
    }
  }
}

function drawPause(attempt: number, random: number): number {
  const range = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return Math.round(range * (0.5 + random / 2));
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
