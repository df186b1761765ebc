import type { StreamState } from '../../../src/strategies/read-strategy.ts';
import type { ChangeSource } from '../../../src/strategies/streams/changes/change-source.ts';
import type { Faults } from './history.ts';

const MACHINE_SKEW_MS = 20_000;
const MICROSECONDS_PER_SECOND = 1_000_000;

/** Rules of change capture that are broken on purpose: each has histories go wrong. */
export const FAULTS: Readonly<Record<string, Faults>> = {
  'a counter in the state numbers the records': {
    renumber: (counter) => () => counter.next++,
  },
  "the attempt's clock and a counter number the records": {
    renumber: (_, startedAt, random) => {
      let number = (startedAt + (2 * random() - 1) * MACHINE_SKEW_MS) * 1000;
      return () => number++;
    },
  },
  'the second and a rank in it number the records': {
    renumber: () => {
      const ranks = new Map<string, number>();
      return (row) => {
        if (row._ab_cdc_sequence_number === null) return row._ab_cdc_cursor;
        const second = row._ab_cdc_updated_at;
        const rank = ranks.get(second) ?? 0;
        ranks.set(second, rank + 1);
        return (Date.parse(second) / 1000) * MICROSECONDS_PER_SECOND + rank;
      };
    },
  },
  'pages of a scan are written behind later changes': { deliversLate: true },
  'finished shards are forgotten': { changeState: forgetFinished },
  'deletes of closed shards are left out before a snapshot': {
    wrapSource: (source, isNew) => (isNew ? emptyClosedShards(source) : source),
  },
  'children do not wait for their parents': { wrapSource: hideParents },
  'an empty answer of a closed shard ends it': { wrapSource: endEarly },
};

function forgetFinished(state: StreamState): StreamState {
  return { ...state, stream: { ...(state.stream as object), finished: {} } };
}

function hideParents(source: ChangeSource): ChangeSource {
  return wrap(source, {
    describe: async (...call) => {
      const page = await source.describe(...call);
      return { ...page, shards: page.shards.map(({ id, isClosed }) => ({ id, isClosed })) };
    },
  });
}

function emptyClosedShards(source: ChangeSource): ChangeSource {
  const [noted, closed] = noteClosed(source);
  return wrap(noted, {
    fetch: async (place, ...call) => {
      const answer = await source.fetch(place, ...call);
      if (!closed.first.has(place.shardId)) return answer;
      return { bytes: answer.bytes, records: [], latestSecond: 0, release: () => answer.release() };
    },
  });
}

function endEarly(source: ChangeSource): ChangeSource {
  const [noted, closed] = noteClosed(source);
  return wrap(noted, {
    fetch: async (place, ...call) => {
      const { nextIterator, ...answer } = await source.fetch(place, ...call);
      const isEnd = answer.records.length === 0 && closed.all.has(place.shardId);
      return { ...answer, ...(nextIterator !== undefined && !isEnd && { nextIterator }) };
    },
  });
}

/** A source that notes which shards are listed as closed, in its first listing and ever. */
function noteClosed(source: ChangeSource) {
  const closed = { first: new Set<string>(), all: new Set<string>() };
  let isFirst = true;
  const noted = wrap(source, {
    describe: async (...call) => {
      const page = await source.describe(...call);
      for (const { id, isClosed } of page.shards) {
        if (isClosed) closed.all.add(id);
        if (isClosed && isFirst) closed.first.add(id);
      }
      if (page.lastShardId === undefined) isFirst = false;
      return page;
    },
  });
  return [noted, closed] as const;
}

function wrap(source: ChangeSource, changed: Partial<ChangeSource>): ChangeSource {
  return {
    describe: (...call) => source.describe(...call),
    iterator: (...call) => source.iterator(...call),
    fetch: (...call) => source.fetch(...call),
    now: () => source.now(),
    sleep: (...call) => source.sleep(...call),
    ...changed,
  };
}
