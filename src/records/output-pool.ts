/** A part of the transcoder's memory that takes the lines of one page. */
export interface LentOutput {
  readonly bytes: Buffer;
  /** Whether it was given back; nothing may be written into it any more. */
  readonly isReleased: boolean;
  /** Gives it back, once the lines are written; a second call does nothing. */
  release(): void;
}

/** Lends outputs, each to one at a time, in the order in which they were asked for. */
export class OutputPool {
  readonly #free: Buffer[];
  readonly #waiting = new Set<(bytes: Buffer) => void>();

  constructor(outputs: readonly Buffer[]) {
    this.#free = [...outputs];
  }

  /** Rejects with the signal's reason when none is free and it is, or will be, aborted before one is. */
  async lend(signal: AbortSignal): Promise<LentOutput> {
    // The one used last is the likeliest to be in the processor's cache.
    const bytes = this.#free.pop() ?? (await this.#wait(signal));
    let isReleased = false;
    return {
      bytes,
      get isReleased() {
        return isReleased;
      },
      release: () => {
        if (!isReleased) this.#takeBack(bytes);
        isReleased = true;
      },
    };
  }

  #takeBack(bytes: Buffer): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free.push(bytes);
    else next(bytes);
  }

  #wait(signal: AbortSignal): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const take = (bytes: Buffer): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
        resolve(bytes);
      };
      const giveUp = (): void => {
        this.#waiting.delete(take);
        reject(signal.reason as Error);
      };
      this.#waiting.add(take);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
