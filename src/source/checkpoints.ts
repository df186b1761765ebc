// A smaller state is written whenever it is due, since a page of a scan is usually larger.
const CHEAP_STATE_BYTES = 16 * 1024;
// Even a large state is not delayed for longer, since pages that a filter empties would never outweigh it.
const LONGEST_DELAY_MS = 1000;

/** Records, and the bytes of their lines. */
export interface Written {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Counts what was written since the last state, and says when the next one is due.
 *
 * The state of a scan in thousands of segments is as large as a page. So after a large state, the next one waits until
 * as many bytes of records have been written, or for a second.
 */
export class Checkpoints {
  readonly #intervalMs: number;
  readonly #now: () => number;
  #lastAt: number;
  #lastBytes = 0;
  #written: Written = { records: 0, bytes: 0 };

  /**
   * @param intervalMs longest time between two states of a stream that is making progress; 0 means after every page.
   */
  constructor(intervalMs: number, now: () => number = Date.now) {
    this.#intervalMs = intervalMs;
    this.#now = now;
    this.#lastAt = now();
  }

  /** Records that the next state covers. */
  get recordCount(): number {
    return this.#written.records;
  }

  /** Notes what was written; returns whether a state is due now. */
  add({ records, bytes }: Written): boolean {
    const { records: recordsBefore, bytes: bytesBefore } = this.#written;
    this.#written = { records: recordsBefore + records, bytes: bytesBefore + bytes };
    const elapsedMs = this.#now() - this.#lastAt;
    if (elapsedMs < this.#intervalMs) return false;
    const isWorthIt =
      this.#lastBytes <= CHEAP_STATE_BYTES || this.#written.bytes >= this.#lastBytes;
    return isWorthIt || elapsedMs >= LONGEST_DELAY_MS;
  }

  /** Starts counting again after a state of this many bytes. */
  begin(stateBytes: number): void {
    this.#written = { records: 0, bytes: 0 };
    this.#lastBytes = stateBytes;
    this.#lastAt = this.#now();
  }
}
