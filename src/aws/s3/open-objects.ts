import { Places } from '../../places.ts';

/**
 * Limits how many objects are open at the same time, first come, first served. Each takes memory for two of its parts, so
 * this is what bounds the memory of a read from S3.
 */
export class OpenObjects {
  readonly #places: Places;

  /** @param most objects that are open at the same time, at least 1. */
  constructor(most: number) {
    this.#places = new Places(most);
  }

  /** Resolves to what ends the use of an object. Rejects with the signal's reason when it is aborted before. */
  open(signal: AbortSignal): Promise<() => void> {
    return this.#places.take(signal);
  }
}
