import { setMaxListeners } from 'node:events';
import { merge } from '../merge.ts';

/** How many calls are made at a time, and what ends them. */
export interface ConcurrencyOptions {
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Maps items with several calls at a time. The results come in the order in which the calls end.
 *
 * The first failure aborts the signal that the other calls were given, and is thrown when they have ended.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  { limit, signal }: ConcurrencyOptions,
  map: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  // Every request under way listens to it.
  setMaxListeners(0, either);
  async function* mapOne(item: Item): AsyncGenerator<Result> {
    try {
      yield await map(item, either);
    } catch (error) {
      stop.abort();
      throw error;
    }
  }
  function* mapEach(): Generator<AsyncGenerator<Result>> {
    for (const item of items) yield mapOne(item);
  }
  const results: Result[] = [];
  for await (const result of merge(mapEach(), limit)) results.push(result);
  return results;
}
