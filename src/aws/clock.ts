// Dates of answers are whole seconds, and answers take their time; signatures may be off by five minutes.
const TOLERANCE_MS = 60_000;
// Nearer than this, whatever looks at the clock is content with it.
const NOTABLE_MS = 4 * 60_000;

/**
 * The time by AWS's clock, as far as its answers have shown how far that is from the machine's.
 *
 * AWS refuses what was signed more than some minutes ago or ahead, and the ends of sessions are given by its clock.
 */
export class AwsClock {
  readonly #readMachine: () => number;
  readonly #readElapsed: () => number;
  readonly #onOff: (offsetMs: number) => void;
  #offsetMs = 0;
  #isOff = false;
  #lastDate: string | undefined;
  /** A date of AWS, and when it came, in milliseconds of the elapsing time. */
  #dated: { readonly date: number; readonly at: number } | undefined;

  /**
   * @param onOff told once, when the machine's clock turns out to be minutes off.
   * @param readMachine milliseconds since 1970.
   * @param readElapsed milliseconds since any moment, which nobody sets.
   */
  constructor(
    onOff: (offsetMs: number) => void = () => undefined,
    readMachine: () => number = Date.now,
    readElapsed: () => number = () => performance.now(),
  ) {
    this.#onOff = onOff;
    this.#readMachine = readMachine;
    this.#readElapsed = readElapsed;
  }

  /** Milliseconds that AWS's clock is ahead of the machine's; 0 until it is known to be otherwise. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Milliseconds since 1970 by AWS's clock. */
  now(): number {
    return this.#readMachine() + this.#offsetMs;
  }

  /**
   * Milliseconds since 1970 as the last answer of AWS dated them, which is a second and the way of the answer behind at
   * most, and never ahead; undefined as long as no answer had a date.
   */
  awsNow(): number | undefined {
    if (this.#dated === undefined) return undefined;
    const { date, at } = this.#dated;
    return Math.floor(date + this.#readElapsed() - at);
  }

  /**
   * Learns from an answer of AWS.
   *
   * @param headers of the answer, their names in lower case.
   * @param sentAt when the request was sent, by this clock.
   */
  learn(headers: Readonly<Record<string, string>>, sentAt: number): void {
    const { date, age } = headers;
    // The answers of a second share their date; one with an age comes from a cache.
    if (date === undefined || date === this.#lastDate || age !== undefined) return;
    this.#lastDate = date;
    const answeredAt = Date.parse(date);
    if (Number.isNaN(answeredAt)) return;
    this.#date(answeredAt);
    // The answer was dated between the request and now, unless the clock is off.
    const isPlausible =
      answeredAt >= sentAt - TOLERANCE_MS && answeredAt <= this.now() + TOLERANCE_MS;
    if (isPlausible) return;
    this.#offsetMs += answeredAt - sentAt;
    if (this.#isOff || Math.abs(this.#offsetMs) < NOTABLE_MS) return;
    this.#isOff = true;
    this.#onOff(this.#offsetMs);
  }

  /** An answer that was long on its way would set the time back a little; one that is far behind shows it to be wrong. */
  #date(answeredAt: number): void {
    const now = this.awsNow() ?? -Infinity;
    if (answeredAt <= now && answeredAt >= now - TOLERANCE_MS) return;
    this.#dated = { date: answeredAt, at: this.#readElapsed() };
  }

  /** Has a client of the SDK sign by this clock; by itself, each client would learn it from a failure of its own. */
  govern(config: { systemClockOffset: number }): void {
    Object.defineProperty(config, 'systemClockOffset', {
      get: () => this.#offsetMs,
      set: () => undefined,
    });
  }
}
