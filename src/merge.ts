/**
 * Interleaves async iterables in the order in which their values become ready.
 *
 * Each open source is asked for one value ahead. The first failure wins; then, and when the consumer stops early, every
 * open source is closed, and all of them have ended before this ends.
 *
 * @param concurrency sources that are open at a time; the others are opened, in order, as these end.
 */
export async function* merge<T>(
  sources: Iterable<AsyncIterable<T>>,
  concurrency = Infinity,
): AsyncGenerator<T> {
  const unopened = sources[Symbol.iterator]();
  const open = new Set<AsyncIterator<T>>();
  const steps = new StepQueue<T>();
  const openNext = (): boolean => {
    const next = unopened.next();
    if (next.done === true) return false;
    const iterator = next.value[Symbol.asyncIterator]();
    open.add(iterator);
    steps.request(iterator);
    return true;
  };
  try {
    while (open.size < concurrency && openNext());
    while (open.size > 0) {
      const { iterator, outcome } = await steps.next();
      const result = await outcome;
      if (result.done === true) {
        open.delete(iterator);
        openNext();
      } else {
        yield result.value;
        steps.request(iterator);
      }
    }
  } finally {
    await Promise.allSettled([...open].map((iterator) => Promise.resolve(iterator.return?.())));
  }
}

interface Step<T> {
  readonly iterator: AsyncIterator<T>;
  /** Settled already. */
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

  /** The first settled step that was not taken yet. */
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
