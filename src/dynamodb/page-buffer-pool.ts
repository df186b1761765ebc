import { PageBuffer, type PageMemory } from './page-buffer.ts';

/**
 * Lends page buffers, so many at a time and no more.
 *
 * This is what bounds the memory of a scan: a segment asks for a buffer before it asks for a page, and waits while
 * every buffer holds a page that is under way or not yet written.
 */
export class PageBufferPool {
  readonly #free: PageBuffer[] = [];
  readonly #waiting = new Set<(buffer: PageBuffer) => void>();
  readonly #memory: PageMemory | undefined;
  #unmade: number;
  #isClosed = false;

  /**
   * @param size buffers lent at the same time, at least 1.
   * @param memory that the buffers lie in.
   */
  constructor(size: number, memory?: PageMemory) {
    this.#unmade = size;
    this.#memory = memory;
  }

  /** Rejects with the signal's reason when it is aborted before a buffer is free. */
  acquire(signal: AbortSignal): Promise<PageBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#unmade > 0) {
      this.#unmade--;
      return Promise.resolve(new PageBuffer(this.#memory));
    }
    return this.#wait(signal);
  }

  release(buffer: PageBuffer): void {
    const [next] = this.#waiting;
    if (this.#isClosed) buffer.close();
    else if (next !== undefined) next(buffer);
    else this.#free.push(buffer);
  }

  /** Gives the memory back: that of lent buffers when they are released, as a page may still come into them. */
  close(): void {
    this.#isClosed = true;
    for (const buffer of this.#free.splice(0)) buffer.close();
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
