import { createStop } from './stop.ts';

/** Opens a source. Its signal is aborted when its values are no longer wanted. */
export type Source<T> = (signal: AbortSignal) => AsyncIterable<T>;

/** A source of the one value that a call resolves to. */
export function sourceOf<T>(call: (signal: AbortSignal) => Promise<T>): Source<T> {
  return async function* (signal) {
    yield await call(signal);
  };
}

/** How sources are merged. */
export interface MergeOptions {
  /**
   * Sources that are open at a time; the others are opened, in order, as there is room. An iterable that has no further
   * one is asked again behind each value, so that it may come by some later.
   */
  readonly concurrency?: number;
  /** When it is aborted, the open sources may end by themselves, and no further one is opened. */
  readonly signal?: AbortSignal;
}

/**
 * Interleaves async iterables in the order in which their values become ready.
 *
 * Each open source is asked for one value ahead. The first failure wins. After a failure, or when the consumer stops
 * early, the signal of all sources is aborted and each open one is closed; all of them end before this one ends.
 */
export async function* merge<T>(
  sources: Iterable<Source<T>>,
  { concurrency = Infinity, signal: followed }: MergeOptions = {},
): AsyncGenerator<T> {
  const { signal, abort } = createStop(followed);
  const unopened = sources[Symbol.iterator]();
  const open = new Set<AsyncIterator<T>>();
  const steps = new StepQueue<T>();
  const openNext = (): boolean => {
    const next = signal.aborted ? undefined : unopened.next();
    if (next === undefined || next.done === true) return false;
    const iterator = next.value(signal)[Symbol.asyncIterator]();
    open.add(iterator);
    steps.request(iterator);
    return true;
  };
  try {
    for (;;) {
      while (open.size < concurrency && openNext());
      if (open.size === 0) return;
      const { iterator, outcome } = await steps.next();
      const result = await outcome;
      if (result.done === true) {
        open.delete(iterator);
      } else {
        yield result.value;
        steps.request(iterator);
      }
    }
  } finally {
    abort();
    await Promise.allSettled([...open].map((iterator) => Promise.resolve(iterator.return?.())));
  }
}

interface Step<T> {
  readonly iterator: AsyncIterator<T>;
  /** Already settled. */
  readonly outcome: Promise<IteratorResult<T>>;
}

/** Steps of many iterators, in the order in which they settle. */
class StepQueue<T> {
  readonly #settled: Step<T>[] = [];
  #wake: (() => void) | undefined;

  /** Asks an iterator for its next value. */
  request(iterator: AsyncIterator<T>): void {
    const outcome = iterator.next();
    const settle = (): void => {
      this.#settled.push({ iterator, outcome });
      this.#wake?.();
    };
    outcome.then(settle, settle);
  }

  /** Returns the first settled step that has not been taken yet. */
  async next(): Promise<Step<T>> {
    for (;;) {
      const step = this.#settled.shift();
      if (step !== undefined) return step;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
