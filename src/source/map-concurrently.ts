import { merge } from '../merge.ts';

/** Maps items with at most `limit` calls at a time. The results come in the order in which the calls end. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  async function* mapOne(item: Item): AsyncGenerator<Result> {
    yield await map(item);
  }
  function* mapEach(): Generator<AsyncGenerator<Result>> {
    for (const item of items) yield mapOne(item);
  }
  const results: Result[] = [];
  for await (const result of merge(mapEach(), limit)) results.push(result);
  return results;
}
