import { PageBuffer, type PageSlots } from './page-buffer.ts';

/**
 * Lends a limited number of page buffers, first to whoever has waited longest.
 *
 * This is what bounds the memory of a read, however many tables are read side by side: whoever requests a page
 * needs a buffer for it, and waits while every buffer holds a page that is in flight or not yet transcoded.
 */
export class PageBufferPool {
  readonly #free: PageBuffer[] = [];
  readonly #waiting = new Set<(buffer: PageBuffer) => void>();
  readonly #slots: PageSlots | undefined;
  #unmade: number;

  /**
   * @param size how many buffers may be lent at the same time, at least 1.
   * @param slots that the buffers lie in.
   */
  constructor(size: number, slots?: PageSlots) {
    this.#unmade = size;
    this.#slots = slots;
  }

  /** Rejects with the signal's reason when it is aborted before a buffer is free. */
  async acquire(signal: AbortSignal): Promise<PageBuffer> {
    return this.#free.pop() ?? this.#make() ?? (await this.#wait(signal));
  }

  /** Takes back a buffer whose page is no longer in use. */
  release(buffer: PageBuffer): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free.push(buffer);
    else next(buffer);
  }

  #make(): PageBuffer | undefined {
    if (this.#unmade === 0) return undefined;
    this.#unmade--;
    return new PageBuffer(this.#slots);
  }

  #wait(signal: AbortSignal): Promise<PageBuffer> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
      };
      const take = (buffer: PageBuffer): void => {
        end();
        resolve(buffer);
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      this.#waiting.add(take);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
