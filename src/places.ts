/** Places for as many as may do something at the same time, first come, first served. */
export class Places {
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** @param most who may have a place at the same time, at least 1. */
  constructor(most: number) {
    this.#free = most;
  }

  /** Resolves to what gives the place up. Rejects with the signal's reason when it is aborted before there is one. */
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
        this.#waiting.delete(enter);
        signal.removeEventListener('abort', giveUp);
      };
      const enter = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      this.#waiting.add(enter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
