import { levelOfPause } from '../aws/calls/retry.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { Logger } from '../protocol/logger.ts';
import type { StreamEvents } from '../strategies/read-strategy.ts';
import { formatDuration } from '../text/figures.ts';
import type { StreamMessages } from './stream-messages.ts';

// In an outage a thousand shards of one table try again, all for the same reason.
const REPEATED_MS = 1000;

/** Where the progress of a stream is reported. */
export interface StreamReport {
  readonly messages: StreamMessages;
  readonly progress: StreamProgress;
}

/**
 * Reports what happens while a stream is read.
 *
 * @param now milliseconds since any moment.
 */
export function listenTo(
  logger: Logger,
  { messages, progress }: StreamReport,
  now: () => number = () => performance.now(),
): StreamEvents {
  const isRepeated = createRepetition(now);
  return {
    retrying: (error, pauseMs) => {
      if (error.reason === 'throttled') progress.addThrottle();
      else progress.addRetry();
      const isTold = levelOfPause(pauseMs) === 'warn' && !isRepeated(error.message);
      const pause = formatDuration(pauseMs);
      logger[isTold ? 'warn' : 'debug'](
        `${progress.name}: trying again in ${pause}. ${error.message}`,
      );
    },
    told: ({ level, message }) => {
      logger[level](message);
    },
    rateLimited: (isLimited) => {
      const reasons = isLimited ? [{ type: 'RATE_LIMITED' as const }] : [];
      // The next write fails in the same way, and reports it.
      messages.writeStatus('RUNNING', reasons).catch(() => undefined);
    },
  };
}

/** Tells whether the same was said a moment ago. */
function createRepetition(now: () => number): (message: string) => boolean {
  let last = '';
  let saidAt = -Infinity;
  return (message) => {
    if (message === last && now() - saidAt < REPEATED_MS) return true;
    last = message;
    saidAt = now();
    return false;
  };
}
