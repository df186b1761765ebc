/** The counts of a stream at one moment. */
export interface Counts {
  readonly records: number;
  readonly bytes: number;
  readonly readUnits: number;
}

/** How fast a stream is read. */
export interface Rates {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly readUnitsPerSecond: number;
}

interface Sample extends Counts {
  readonly at: number;
}

/** How fast counts grow, over the latest stretch of time. */
export class Pace {
  readonly #windowMs: number;
  readonly #samples: Sample[];

  /** @param windowMs the length of that stretch; if samples are further apart, the time between the last two counts. */
  constructor(windowMs: number, now: number) {
    this.#windowMs = windowMs;
    this.#samples = [{ at: now, records: 0, bytes: 0, readUnits: 0 }];
  }

  /** The rates from the beginning of the window until now. */
  measure({ records, bytes, readUnits }: Counts, now: number): Rates {
    const latest = { at: now, records, bytes, readUnits };
    this.#samples.push(latest);
    // The second sample begins the window as soon as it is old enough to span it.
    while ((this.#samples[1]?.at ?? now) <= now - this.#windowMs) this.#samples.shift();
    const [first = latest] = this.#samples;
    const seconds = Math.max(1, now - first.at) / 1000;
    return {
      recordsPerSecond: (records - first.records) / seconds,
      bytesPerSecond: (bytes - first.bytes) / seconds,
      readUnitsPerSecond: (readUnits - first.readUnits) / seconds,
    };
  }
}
