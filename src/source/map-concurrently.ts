import { merge, sourceOf } from '../merge.ts';

/** How many calls are made at a time, and what ends them. */
export interface ConcurrencyOptions {
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Maps items with several calls at a time. The results are in the order in which the calls end.
 *
 * The first failure aborts the signal of the other calls, and is thrown when they have ended.
 *
 * @throws the signal's reason when it is aborted before every item is mapped.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  { limit, signal }: ConcurrencyOptions,
  map: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const calls = items.map((item) => sourceOf((stopped) => map(item, stopped)));
  const results: Result[] = [];
  const merged = merge(calls, { concurrency: limit, signal });
  for await (const result of merged) results.push(result);
  if (results.length < items.length) signal.throwIfAborted();
  return results;
}
