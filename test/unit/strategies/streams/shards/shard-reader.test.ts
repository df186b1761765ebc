import { expect } from 'chai';
import { TransientError } from '../../../../../src/errors.ts';
import type { ChangeSource } from '../../../../../src/strategies/streams/changes/change-source.ts';
import { readShard } from '../../../../../src/strategies/streams/shards/shard-reader.ts';

describe('the reading of a shard', () => {
  it('replaces a stale iterator at once, and takes its time when that goes on', async () => {
    const controller = new AbortController();
    const events: (string | number)[] = [];
    const source: ChangeSource = {
      describe: () => Promise.reject(new Error('not asked for')),
      iterator: () => Promise.resolve('iterator'),
      fetch: () => {
        events.push('fetch');
        return Promise.reject(new TransientError('It has expired.', { reason: 'stale' }));
      },
      now: () => 0,
      sleep: (ms) => {
        events.push(ms);
        if (events.length > 8) controller.abort();
        return Promise.resolve();
      },
    };
    const answers = readShard(
      {
        source,
        place: { arn: 'arn', shardId: 'shard' },
        goal: { target: 0, answers: 1 },
        beginWithOldest: () => undefined,
        onUnknown: () => Promise.resolve('gone'),
        onTip: () => undefined,
      },
      controller.signal,
    );
    expect(await answers.next()).to.deep.equal({ value: undefined, done: true });
    expect(events.slice(0, 7)).to.deep.equal([
      ...['fetch', 'fetch', 200, 'fetch', 300, 'fetch', 450],
    ]);
  });
});
