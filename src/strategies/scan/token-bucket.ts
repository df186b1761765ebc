const MS_PER_SECOND = 1000;

/** What a bucket is made of. */
export interface TokenBucketOptions {
  readonly unitsPerSecond: number;
  /** Who spends at the same time; each may have saved up for one page. */
  readonly spenders: number;
  /** Milliseconds of any clock that never goes back. */
  readonly now: () => number;
}

/**
 * A budget of read units a second, as arithmetic.
 *
 * A page is paid before it is asked for, at its expected cost, and the bill is put right when it is here; a page that
 * was dearer leaves a debt that the next ones wait for. What is not spent is kept for a second at most, and never more
 * than a page for each spender, so that over any stretch of time the budget is exceeded by less than that.
 */
export class TokenBucket {
  readonly #unitsPerMs: number;
  readonly #spenders: number;
  readonly #now: () => number;
  #refilledAt: number;
  /** Units that may be spent; negative while there is a debt. */
  #balance = Infinity;
  /** Whether someone has been told to wait: what comes in meanwhile is not idle, so nothing of it is lost. */
  #isAwaited = false;

  constructor({ unitsPerSecond, spenders, now }: TokenBucketOptions) {
    this.#unitsPerMs = unitsPerSecond / MS_PER_SECOND;
    this.#spenders = spenders;
    this.#now = now;
    this.#refilledAt = now();
  }

  /** Milliseconds until a page of this cost may be asked for; 0 when it may be now. */
  msUntil(units: number): number {
    this.#refill(units);
    this.#isAwaited = units > this.#balance;
    return Math.max(0, (units - this.#balance) / this.#unitsPerMs);
  }

  /** Pays for a page that need not wait. */
  spend(units: number): void {
    this.#balance -= units;
  }

  /** Puts a bill right: gives units back, or takes more where they are negative. */
  giveBack(units: number): void {
    this.#balance += units;
  }

  #refill(units: number): void {
    const now = this.#now();
    const second = this.#unitsPerMs * MS_PER_SECOND;
    const most = Math.min(units * this.#spenders, Math.max(units, second));
    const grown = this.#balance + (now - this.#refilledAt) * this.#unitsPerMs;
    this.#balance = this.#isAwaited ? grown : Math.min(most, grown);
    this.#refilledAt = now;
  }
}
