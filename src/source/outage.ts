import type { ConnectorError } from '../errors.ts';

/** How the read of a stream ended: with all of it, because it was told to stop, or with a failure. */
export type StreamEnd = 'complete' | 'stopped' | ConnectorError;

/** Whether AWS answers, as far as the streams of a read have shown. */
export class Outage {
  #isOutage = false;

  /** Milliseconds: an outage that one stream has waited out in vain is not waited out again by each of the others. */
  limitPatience(patienceMs: number): number {
    return this.#isOutage ? 0 : patienceMs;
  }

  /** Notes how a stream ended; what has no reason was found out without asking AWS. */
  note(end: StreamEnd): void {
    if (typeof end === 'string') this.#isOutage = false;
    else if (end.reason !== undefined) this.#isOutage = end.reason === 'unanswered';
  }
}
