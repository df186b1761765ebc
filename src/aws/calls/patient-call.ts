import { type ConnectorError, TransientError } from '../../errors.ts';
import type { Places } from '../../places.ts';
import type { ServiceConnection } from '../connection.ts';
import { withRetries } from './retry.ts';

// A server on this machine is either there or about to start; otherwise the endpoint is mistyped.
const LOCAL_PATIENCE_MS = 5000;

/** What is called, for the error and the log. */
export interface CallDescription {
  /** The IAM action: `dynamodb:Scan`. */
  readonly action: string;
  /** The table, as requests name it. */
  readonly resource?: string;
}

/** For how long a call is retried. */
export interface Patience {
  /** Milliseconds, counted from the first failure. */
  readonly patienceMs: number;
  /** The same for throttling; `patienceMs` by default. */
  readonly throttlingPatienceMs?: number;
  /** When the work that the call belongs to last made progress, in milliseconds of `performance.now`. */
  readonly lastProgressAt?: () => number;
  readonly signal: AbortSignal;
  /** Each request takes one while it is under way; a pause before another try takes none. */
  readonly places?: Places;
  /** Called before each pause after a failure that may be temporary. */
  readonly onRetry: (error: ConnectorError, pauseMs: number) => void;
}

/**
 * Makes a call until it succeeds, fails for good or patience runs out.
 *
 * @throws ConnectorError, or the signal's reason when it is aborted.
 */
export function callPatiently<Result>(
  connection: ServiceConnection,
  { action, resource }: CallDescription,
  patience: Patience,
  call: () => Promise<Result>,
): Promise<Result> {
  const classify = (thrown: unknown): ConnectorError => {
    const error = connection.classify(thrown, action, resource);
    // IAM is eventually consistent: AWS may not know credentials for a moment after STS made them.
    const isNotYetKnown = error.reason === 'unknown key' && connection.credentials.areJustIssued;
    return isNotYetKnown
      ? new TransientError(error.message, { cause: thrown, reason: error.reason })
      : error;
  };
  const patienceMs = connection.isLocalAndSilent
    ? Math.min(patience.patienceMs, LOCAL_PATIENCE_MS)
    : patience.patienceMs;
  const { places, signal } = patience;
  const send = places === undefined ? call : () => callInPlace(call, places, signal);
  return withRetries(send, { ...patience, patienceMs, classify });
}

async function callInPlace<Result>(
  call: () => Promise<Result>,
  places: Places,
  signal: AbortSignal,
): Promise<Result> {
  const giveBack = await places.take(signal);
  try {
    return await call();
  } finally {
    giveBack();
  }
}
