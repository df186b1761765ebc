// A table at its limit is throttled repeatedly; the platform should know that, but not each time.
const QUIET_MS = 60_000;

/** Reports when throttling holds a stream up and when it continues, each at most once a minute. */
export class RateLimitNotice {
  readonly #notify: (isLimited: boolean) => void;
  readonly #now: () => number;
  #isLimited = false;
  #raisedAt = -Infinity;

  /** @param now milliseconds. */
  constructor(notify: (isLimited: boolean) => void, now: () => number) {
    this.#notify = notify;
    this.#now = now;
  }

  /** Notes that a request was throttled and is waiting. */
  wait(): void {
    if (this.#isLimited || this.#now() - this.#raisedAt < QUIET_MS) return;
    this.#isLimited = true;
    this.#raisedAt = this.#now();
    this.#notify(true);
  }

  /** Notes that a page has arrived. */
  goOn(): void {
    if (!this.#isLimited) return;
    this.#isLimited = false;
    this.#notify(false);
  }
}
