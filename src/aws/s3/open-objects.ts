import { Places } from '../../places.ts';
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
  readonly #places: Places;
  /** Used again, since a new one for each object would be a megabyte of garbage. */
  readonly #buffers: PageBuffer[] = [];

  /** @param most objects that are open at the same time, at least 1. */
  constructor(most: number) {
    this.#places = new Places(most);
  }

  /** Rejects with the signal's reason when it is aborted before there is room for another object. */
  async open(signal: AbortSignal): Promise<ObjectLoan> {
    const giveUp = await this.#places.take(signal);
    const buffer = this.#buffers.pop() ?? new PageBuffer();
    const release = (): void => {
      this.#buffers.push(buffer);
      giveUp();
    };
    return { buffer, release };
  }
}
