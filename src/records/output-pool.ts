/** A part of the transcoder's memory that receives the lines of one page. */
export interface LentOutput {
  readonly bytes: Buffer;
  /** Whether it has been returned; nothing may be written into it then. */
  readonly isReleased: boolean;
  /** Returns it once the lines are written; a second call does nothing. */
  release(): void;
}

/** Lends outputs, each to one borrower at a time, in the order of the requests. */
export class OutputPool {
  readonly #free: Buffer[];
  readonly #waiting: ((bytes: Buffer) => void)[] = [];

  constructor(outputs: readonly Buffer[]) {
    this.#free = [...outputs];
  }

  /** Resolves when an output is free. */
  async lend(): Promise<LentOutput> {
    // The one used last is the most likely to be in the processor's cache.
    const bytes =
      this.#free.pop() ?? (await new Promise<Buffer>((take) => this.#waiting.push(take)));
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
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(bytes);
    else next(bytes);
  }
}
