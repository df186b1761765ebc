// A table at its limit is throttled over and over; the platform wants to know that, but not each time.
const QUIET_MS = 60_000;

/** Tells when throttling holds a stream up and when it goes on, at most once a minute each. */
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

  /** Notes that a request was throttled and waits. */
  wait(): void {
    if (this.#isLimited || this.#now() - this.#raisedAt < QUIET_MS) return;
    this.#isLimited = true;
    this.#raisedAt = this.#now();
    this.#notify(true);
  }

  /** Notes that a page came. */
  goOn(): void {
    if (!this.#isLimited) return;
    this.#isLimited = false;
    this.#notify(false);
  }
}
