/**
 * Interleaves async iterables: whichever has a value ready is next.
 *
 * Each source is asked for one value ahead. The first failure wins; then, and when the consumer stops early, every
 * source is closed, and all of them have ended before this ends. At most `concurrency` sources are open at a time.
 */
export async function* merge<T>(
  sources: Iterable<AsyncIterable<T>>,
  concurrency = Infinity,
): AsyncGenerator<T> {
  const waiting = sources[Symbol.iterator]();
  const open = new Map<AsyncIterator<T>, Promise<Step<T>>>();
  const openNext = (): void => {
    const next = waiting.next();
    if (next.done !== true) pull(open, next.value[Symbol.asyncIterator]());
  };
  try {
    openUpTo(openNext, open, concurrency);
    while (open.size > 0) {
      const { iterator, result } = await Promise.race(open.values());
      if (result.done === true) {
        open.delete(iterator);
        openNext();
      } else {
        yield result.value;
        pull(open, iterator);
      }
    }
  } finally {
    await closeAll(open);
  }
}

interface Step<T> {
  readonly iterator: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

function pull<T>(open: Map<AsyncIterator<T>, Promise<Step<T>>>, iterator: AsyncIterator<T>): void {
  const step = iterator.next().then((result) => ({ iterator, result }));
  // The failure is seen by whoever races for it, perhaps later.
  step.catch(() => undefined);
  // Behind the others, so that a fast source cannot starve them.
  open.delete(iterator);
  open.set(iterator, step);
}

function openUpTo(openNext: () => void, open: { readonly size: number }, concurrency: number): void {
  for (let before = -1; open.size > before && open.size < concurrency; ) {
    before = open.size;
    openNext();
  }
}

async function closeAll<T>(open: Map<AsyncIterator<T>, Promise<Step<T>>>): Promise<void> {
  await Promise.allSettled([...open.keys()].map((iterator) => iterator.return?.()));
}
