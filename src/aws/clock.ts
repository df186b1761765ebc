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
  readonly #onOff: (offsetMs: number) => void;
  #offsetMs = 0;
  #isOff = false;
  #lastDate: string | undefined;

  /**
   * @param onOff told once, when the machine's clock turns out to be minutes off.
   * @param readMachine milliseconds since 1970.
   */
  constructor(
    onOff: (offsetMs: number) => void = () => undefined,
    readMachine: () => number = Date.now,
  ) {
    this.#onOff = onOff;
    this.#readMachine = readMachine;
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
    // The answer was dated between the request and now, unless the clock is off.
    const isPlausible =
      answeredAt >= sentAt - TOLERANCE_MS && answeredAt <= this.now() + TOLERANCE_MS;
    if (Number.isNaN(answeredAt) || isPlausible) return;
    this.#offsetMs += answeredAt - sentAt;
    if (this.#isOff || Math.abs(this.#offsetMs) < NOTABLE_MS) return;
    this.#isOff = true;
    this.#onOff(this.#offsetMs);
  }

  /** Has a client of the SDK sign by this clock; by itself, each client would learn it from a failure of its own. */
  govern(config: { systemClockOffset: number }): void {
    Object.defineProperty(config, 'systemClockOffset', {
      get: () => this.#offsetMs,
      set: () => undefined,
    });
  }
}
