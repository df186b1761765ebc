/** Counts the records since the last state, and says when the next one is due. */
export class Checkpoints {
  readonly #intervalMs: number;
  readonly #now: () => number;
  #lastAt: number;
  #recordCount = 0;

  /** @param intervalMs longest time between two states of a moving stream; 0 means after every page. */
  constructor(intervalMs: number, now: () => number = Date.now) {
    this.#intervalMs = intervalMs;
    this.#now = now;
    this.#lastAt = now();
  }

  /** Notes records that were written; whether a state is due now. */
  add(recordCount: number): boolean {
    this.#recordCount += recordCount;
    return this.#now() - this.#lastAt >= this.#intervalMs;
  }

  /** Starts counting again; returns the number of records that the state being written covers. */
  take(): number {
    const recordCount = this.#recordCount;
    this.#recordCount = 0;
    this.#lastAt = this.#now();
    return recordCount;
  }
}
