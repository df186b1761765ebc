// Dates of answers are whole seconds, and answers take their time; signatures may be off by five minutes.
const TOLERANCE_MS = 60_000;
// A smaller difference does not matter to anything that checks the time.
const NOTABLE_MS = 4 * 60_000;

/**
 * The time by AWS's clock, as far as its answers have shown how much it differs from the machine's.
 *
 * AWS refuses signatures that are more than some minutes old or in the future, and sessions end by its clock.
 */
export class AwsClock {
  readonly #readMachine: () => number;
  readonly #readElapsed: () => number;
  readonly #onOff: (offsetMs: number) => void;
  #offsetMs = 0;
  #isOff = false;
  #lastDate: string | undefined;
  /** A date from AWS, and when it arrived, in milliseconds of `readElapsed`. */
  #dated: { readonly date: number; readonly at: number } | undefined;

  /**
   * @param onOff called once, when the machine's clock turns out to be minutes off.
   * @param readMachine milliseconds since 1970.
   * @param readElapsed milliseconds since an arbitrary moment, on a clock that nobody can set.
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

  /** Milliseconds by which AWS's clock is ahead of the machine's; 0 until something else is known. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Milliseconds since 1970 by AWS's clock. */
  now(): number {
    return this.#readMachine() + this.#offsetMs;
  }

  /**
   * The time in milliseconds since 1970, derived from the date of AWS's last answer. It is behind by at most a second
   * and the travel time of the answer, and never ahead; undefined until an answer has had a date.
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
    // Answers within a second share their date; one with an age comes from a cache.
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

  /**
   * Ignores a slow answer, which would set the time back a little; one that is far behind shows that the time is wrong.
   */
  #date(answeredAt: number): void {
    const now = this.awsNow() ?? -Infinity;
    if (answeredAt <= now && answeredAt >= now - TOLERANCE_MS) return;
    this.#dated = { date: answeredAt, at: this.#readElapsed() };
  }

  /** Makes an SDK client sign by this clock; otherwise each client would learn the time from a failure of its own. */
  govern(config: { systemClockOffset: number }): void {
    Object.defineProperty(config, 'systemClockOffset', {
      get: () => this.#offsetMs,
      set: () => undefined,
    });
  }
}
