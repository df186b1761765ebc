import { setTimeout as sleepFor } from 'node:timers/promises';
import { type ExpectedPage, PageCost, type SeenPage } from './page-cost.ts';
import type { ScanSettings } from './scan-settings.ts';
import { TokenBucket } from './token-bucket.ts';

// Segments that waited together are spread over this part of their pause, so that they do not come back together.
// Node treats a longer time as none at all.
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
const SPREAD = 0.25;

/** Time and randomness, for a pacer. */
export interface PacerClock {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

const REAL_CLOCK: PacerClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
  random: Math.random,
};

/** Makes the segments of one table wait for the read budget, and while the table is throttled. */
export class ScanPacer {
  readonly #clock: PacerClock;
  readonly #cost: PageCost;
  readonly #bucket: TokenBucket | undefined;
  #heldUntil = 0;
  #heldForMs = 0;
  /** Resolves when all earlier callers have got through the budget. */
  #turn = Promise.resolve();
  #wake: () => void = () => undefined;

  /** @param spenders segments that are read at the same time. */
  constructor(settings: ScanSettings, spenders: number, clock: PacerClock = REAL_CLOCK) {
    const { unitsPerSecond, pageSize, target, itemCount, sizeBytes } = settings;
    const { now } = clock;
    this.#clock = clock;
    this.#bucket =
      unitsPerSecond === undefined ? undefined : new TokenBucket({ unitsPerSecond, spenders, now });
    this.#cost = new PageCost({
      consistentRead: target.consistentRead,
      averageItemBytes: itemCount === 0 ? 0 : sizeBytes / itemCount,
      ...(unitsPerSecond !== undefined && { unitsPerSecond }),
      ...(pageSize !== undefined && { pageSize }),
    });
  }

  /**
   * Waits until a page may be requested, in the order of the calls, and pays for it. The caller then calls `adjust`
   * with the page, or `refund` if there is none.
   *
   * @throws the signal's reason.
   */
  async admit(signal: AbortSignal): Promise<ExpectedPage> {
    const bucket = this.#bucket;
    if (bucket === undefined) {
      if (this.#heldUntil > 0) await this.#waitOutHold(signal);
      return this.#cost.predict();
    }
    const turn = this.#turn.then(() => this.#pay(bucket, signal));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** Corrects the payment to what the page really cost, and learns from it. */
  adjust(expected: ExpectedPage, seen: SeenPage): void {
    this.#cost.learn(expected, seen);
    this.#giveBack(expected.units - seen.units);
  }

  /** Gives back what was paid for a page that did not arrive. */
  refund(expected: ExpectedPage): void {
    this.#giveBack(expected.units);
  }

  /** Lets nobody through for this long. */
  hold(ms: number): void {
    const until = this.#clock.now() + ms;
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.#heldForMs = ms;
  }

  #giveBack(units: number): void {
    this.#bucket?.giveBack(units);
    if (units > 0) this.#wake();
  }

  async #waitOutHold(signal: AbortSignal): Promise<void> {
    const { now, sleep, random } = this.#clock;
    for (;;) {
      const ms = this.#heldUntil - now();
      if (ms <= 0) return;
      await sleep(ms + random() * SPREAD * this.#heldForMs, signal);
    }
  }

  async #pay(bucket: TokenBucket, signal: AbortSignal): Promise<ExpectedPage> {
    for (;;) {
      // Throttling may begin while waiting for the budget.
      await this.#waitOutHold(signal);
      const expected = this.#cost.predict();
      const ms = bucket.msUntil(expected.units);
      signal.throwIfAborted();
      if (ms === 0) {
        bucket.spend(expected.units);
        return expected;
      }
      await this.#sleepUnlessWoken(Math.min(Math.ceil(ms), LONGEST_SLEEP_MS), signal);
    }
  }

  /** Sleeps; units that are given back may end the sleep early. */
  async #sleepUnlessWoken(ms: number, signal: AbortSignal): Promise<void> {
    const end = new AbortController();
    const wake = (): void => {
      end.abort();
    };
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    try {
      await this.#clock.sleep(ms, end.signal);
    } catch {
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
