import { PageBuffer, type PageSlots } from './page-buffer.ts';

/**
 * Lends page buffers, so many at a time and no more.
 *
 * This is what bounds the memory of a scan: a segment asks for a buffer before it asks for a page, and waits while
 * every buffer holds a page that is under way or not yet written.
 */
export class PageBufferPool {
  readonly #free: PageBuffer[] = [];
  readonly #waiting = new Set<(buffer: PageBuffer) => void>();
  readonly #slots: PageSlots | undefined;
  readonly #made = new Set<PageBuffer>();
  /** Lent ones that a page may still be written into. */
  readonly #open = new Set<PageBuffer>();
  #unmade: number;
  #isClosed = false;

  /**
   * @param size buffers lent at the same time, at least 1.
   * @param slots that the buffers lie in.
   */
  constructor(size: number, slots?: PageSlots) {
    this.#unmade = size;
    this.#slots = slots;
  }

  /** Rejects with the signal's reason when it is aborted before a buffer is free. */
  async acquire(signal: AbortSignal): Promise<PageBuffer> {
    const buffer = this.#free.pop() ?? this.#make() ?? (await this.#wait(signal));
    this.#open.add(buffer);
    return buffer;
  }

  /** Notes that nothing is written into a lent buffer any more. */
  settle(buffer: PageBuffer): void {
    this.#open.delete(buffer);
    if (this.#isClosed) this.#discard(buffer);
  }

  /** Takes back a buffer whose page is not looked at any more. */
  release(buffer: PageBuffer): void {
    this.settle(buffer);
    const [next] = this.#waiting;
    if (next === undefined) this.#free.push(buffer);
    else {
      this.#open.add(buffer);
      next(buffer);
    }
  }

  /** Gives the slots back: those that a page may still come into when they are settled. Pages are lost. */
  close(): void {
    this.#isClosed = true;
    for (const buffer of this.#made) if (!this.#open.has(buffer)) this.#discard(buffer);
  }

  #make(): PageBuffer | undefined {
    if (this.#unmade === 0) return undefined;
    this.#unmade--;
    const buffer = new PageBuffer(this.#slots);
    this.#made.add(buffer);
    return buffer;
  }

  #discard(buffer: PageBuffer): void {
    if (this.#made.delete(buffer)) buffer.close();
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
