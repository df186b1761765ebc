/** Limits how many users there are at the same time, first come, first served. */
export class Places {
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** @param most users at the same time, at least 1. */
  constructor(most: number) {
    this.#free = most;
  }

  /** Resolves to what gives the place back. Rejects with the signal's reason when it is aborted before. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    return () => {
      const [next] = this.#waiting;
      if (next === undefined) this.#free++;
      else next();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
      };
      const take = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      this.#waiting.add(take);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
