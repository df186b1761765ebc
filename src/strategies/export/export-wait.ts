import type { WaitFigures } from '../../wait-figures.ts';

/** Counts how long a read waits for exports to end. */
export class ExportWait {
  readonly #now: () => number;
  #current: { readonly awaited: string; readonly since: number } | undefined;
  #earlierMs = 0;

  /** @param now milliseconds since any moment. */
  constructor(now: () => number) {
    this.#now = now;
  }

  begin(awaited: string): void {
    this.#current = { awaited, since: this.#now() };
  }

  end(): void {
    this.#earlierMs = this.figures().totalMs;
    this.#current = undefined;
  }

  /** Milliseconds since the present wait began; 0 without one. */
  get waitMs(): number {
    // AWS's clock is set right when it turns out to be wrong.
    return this.#current === undefined ? 0 : Math.max(0, this.#now() - this.#current.since);
  }

  figures(): WaitFigures {
    const { waitMs } = this;
    const awaited = this.#current?.awaited;
    const totalMs = this.#earlierMs + waitMs;
    return { waitMs, totalMs, ...(awaited !== undefined && { awaited }) };
  }
}
