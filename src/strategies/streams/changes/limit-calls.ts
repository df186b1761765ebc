import { Places } from '../../../places.ts';
import type { ChangeSource } from './change-source.ts';

/** The same source, of whose calls about shards so many are under way at a time; the others wait for their turn. */
export function limitCalls(source: ChangeSource, most: number): ChangeSource {
  const places = new Places(most);
  const call = async <Answer>(
    signal: AbortSignal,
    send: () => Promise<Answer>,
  ): Promise<Answer> => {
    const giveBack = await places.take(signal);
    try {
      return await send();
    } finally {
      giveBack();
    }
  };
  return {
    describe: (arn, startShardId, signal) => source.describe(arn, startShardId, signal),
    iterator: (place, position, signal) =>
      call(signal, () => source.iterator(place, position, signal)),
    fetch: (place, iterator, signal) => call(signal, () => source.fetch(place, iterator, signal)),
    now: () => source.now(),
    sleep: (ms, signal) => source.sleep(ms, signal),
  };
}
