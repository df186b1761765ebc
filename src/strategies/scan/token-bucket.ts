const MS_PER_SECOND = 1000;

/** What a bucket is made from. */
export interface TokenBucketOptions {
  readonly unitsPerSecond: number;
  /** How many spend at the same time; each may have saved up for one page. */
  readonly spenders: number;
  /** Milliseconds of any clock that never goes back. */
  readonly now: () => number;
}

/**
 * The arithmetic of a budget of read units per second.
 *
 * A page is paid for before it is requested, at its expected cost, and the payment is corrected when it arrives; a page
 * that cost more leaves a debt that the next ones wait for. At most what accrues in a second is saved, and never more
 * than a page for each spender, so that over any stretch of time the budget is exceeded by less than that.
 */
export class TokenBucket {
  readonly #unitsPerMs: number;
  readonly #spenders: number;
  readonly #now: () => number;
  #refilledAt: number;
  /** Units that may be spent; negative while there is a debt. */
  #balance = Infinity;
  /** Whether someone has been told to wait: units that accrue meanwhile are not idle, so none of them are lost. */
  #isAwaited = false;

  constructor({ unitsPerSecond, spenders, now }: TokenBucketOptions) {
    this.#unitsPerMs = unitsPerSecond / MS_PER_SECOND;
    this.#spenders = spenders;
    this.#now = now;
    this.#refilledAt = now();
  }

  /** Milliseconds until a page of this cost may be requested; 0 if it may be requested now. */
  msUntil(units: number): number {
    this.#refill(units);
    this.#isAwaited = units > this.#balance;
    return Math.max(0, (units - this.#balance) / this.#unitsPerMs);
  }

  /** Pays for a page that need not wait. */
  spend(units: number): void {
    this.#balance -= units;
  }

  /** Corrects a payment: gives units back, or takes more if the number is negative. */
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
