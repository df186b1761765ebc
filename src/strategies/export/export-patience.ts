import type { Patience } from '../../aws/calls/patient-call.ts';
import type { StreamEvents } from '../read-strategy.ts';

// A fault or an outage is waited out for this long before the read gives up; its state is saved then.
const PATIENCE_MS = 5 * 60_000;
const THROTTLING_PATIENCE_MS = 30 * 60_000;

/** How patient a read of exports is. */
export function limitPatience(events: StreamEvents, signal: AbortSignal): Patience {
  return {
    patienceMs: PATIENCE_MS,
    throttlingPatienceMs: THROTTLING_PATIENCE_MS,
    signal,
    onRetry: (error, pauseMs) => {
      events.retrying(error, pauseMs);
    },
  };
}
