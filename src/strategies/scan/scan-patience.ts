import type { Patience } from '../../aws/calls/patient-call.ts';
import type { ReadResources } from '../read-resources.ts';

// A fault or an outage is waited out for this long before the read gives up; its state is saved then.
const PATIENCE_MS = 5 * 60_000;
// Throttling passes when others read less, or when the table has been given more, as takes on-demand tables half an
// hour.
const THROTTLING_PATIENCE_MS = 30 * 60_000;

/** How long the requests of a scan are tried again; its stream is told of each pause. */
export function scanPatience({ events }: ReadResources, signal: AbortSignal): Patience {
  return {
    patienceMs: PATIENCE_MS,
    throttlingPatienceMs: THROTTLING_PATIENCE_MS,
    signal,
    onRetry: (error, pauseMs) => {
      events.retrying(error, pauseMs);
    },
  };
}
