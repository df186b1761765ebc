import { PageBuffer } from '../calls/page-buffer.ts';

/** What an object is read with while it is open. */
export interface ObjectLoan {
  /** For one of its parts; another object gets it afterwards, as it is. */
  readonly buffer: PageBuffer;
  /** Ends the use of the object. Nothing may be written into the buffer any more. */
  readonly release: () => void;
}

/**
 * Limits how many objects are open at the same time, first come, first served. Each takes memory for some of its parts, so
 * this is what bounds the memory of a read from S3.
 */
export class OpenObjects {
  readonly #waiting = new Set<() => void>();
  /** Used again, since a new one for each object would be a megabyte of garbage. */
  readonly #buffers: PageBuffer[] = [];
  #free: number;

  /** @param most objects that are open at the same time, at least 1. */
  constructor(most: number) {
    this.#free = most;
  }

  /** Rejects with the signal's reason when it is aborted before there is room for another object. */
  async open(signal: AbortSignal): Promise<ObjectLoan> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    const buffer = this.#buffers.pop() ?? new PageBuffer();
    const release = (): void => {
      this.#buffers.push(buffer);
      const [next] = this.#waiting;
      if (next === undefined) this.#free++;
      else next();
    };
    return { buffer, release };
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
