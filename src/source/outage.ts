import type { ConnectorError } from '../errors.ts';

/** How the read of a stream ended: it was complete, it was told to stop, or it failed. */
export type StreamEnd = 'complete' | 'stopped' | ConnectorError;

/** Keeps track of whether AWS answers, as far as the streams of a read have shown. */
export class Outage {
  #isOutage = false;

  /** Limits the patience, in milliseconds: if one stream has waited in vain, the others need not wait again. */
  limitPatience(patienceMs: number): number {
    return this.#isOutage ? 0 : patienceMs;
  }

  /** Notes how a stream ended; an error without a reason says nothing about AWS. */
  note(end: StreamEnd): void {
    if (typeof end === 'string') this.#isOutage = false;
    else if (end.reason !== undefined) this.#isOutage = end.reason === 'unanswered';
  }
}
