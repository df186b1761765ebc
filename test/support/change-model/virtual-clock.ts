interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A time of its own, which goes on only when everything that is ready has happened. */
export class VirtualClock {
  #now: number;
  /** Ordered by time. */
  readonly #timers: Timer[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const timer = {
        at: this.#now + Math.max(0, ms),
        fire: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#timers.splice(this.#timers.indexOf(timer), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#insert(timer);
    });
  }

  /** Has time go on until a piece of work has ended. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const state = { isOver: false };
    const end = (): void => {
      state.isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.isOver) break;
      const timer = this.#timers.shift();
      if (timer === undefined) throw new Error('The work waits for what never comes.');
      this.#now = Math.max(this.#now, timer.at);
      timer.fire();
    }
    return work;
  }

  #insert(timer: Timer): void {
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.at ?? 0) > timer.at) index--;
    this.#timers.splice(index, 0, timer);
  }
}
