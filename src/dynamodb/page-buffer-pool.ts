import { PageBuffer } from './page-buffer.ts';

/**
 * Lends page buffers, so many at a time and no more.
 *
 * This is what bounds the memory of a scan: a segment asks for a buffer before it asks for a page, and waits while
 * every buffer holds a page that is under way or not yet written.
 */
export class PageBufferPool {
  readonly #free: PageBuffer[] = [];
  readonly #waiting = new Set<(buffer: PageBuffer) => void>();
  #unmade: number;

  /** @param size buffers lent at the same time, at least 1. */
  constructor(size: number) {
    this.#unmade = size;
  }

  /** Rejects with the signal's reason when it is aborted before a buffer is free. */
  acquire(signal: AbortSignal): Promise<PageBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#unmade > 0) {
      this.#unmade--;
      return Promise.resolve(new PageBuffer());
    }
    return this.#wait(signal);
  }

  release(buffer: PageBuffer): void {
    const [next] = this.#waiting;
    if (next !== undefined) next(buffer);
    else this.#free.push(buffer);
  }

  #wait(signal: AbortSignal): Promise<PageBuffer> {
    return new Promise((resolve, reject) => {
      const settle = (settleIt: () => void): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
        settleIt();
      };
      const take = (buffer: PageBuffer): void => {
        settle(() => {
          resolve(buffer);
        });
      };
      const giveUp = (): void => {
        settle(() => {
          reject(signal.reason as Error);
        });
      };
      this.#waiting.add(take);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
