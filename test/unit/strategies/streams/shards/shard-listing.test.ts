import { expect } from 'chai';
import { ConfigError } from '../../../../../src/errors.ts';
import type { ChangeSource } from '../../../../../src/strategies/streams/changes/change-source.ts';
import { ShardForest } from '../../../../../src/strategies/streams/shards/shard-forest.ts';
import { ShardListing } from '../../../../../src/strategies/streams/shards/shard-listing.ts';

describe('the listing of shards', () => {
  it('has nobody wait for another one when it has failed', async () => {
    const failure = new ConfigError('The stream does not exist.', { reason: 'missing' });
    const source: ChangeSource = {
      describe: () => Promise.reject(failure),
      iterator: () => Promise.reject(new Error('not asked for')),
      fetch: () => Promise.reject(new Error('not asked for')),
      now: () => 0,
      sleep: () => Promise.resolve(),
    };
    const listing = new ShardListing({
      ...{ arn: 'arn', source, forest: new ShardForest({ shards: {}, finished: {} }) },
      onChildless: () => undefined,
    });
    const steps = listing.run(() => true, new AbortController().signal);
    const error: unknown = await steps.next().catch((thrown: unknown) => thrown);
    expect(error).to.equal(failure);
    const again = listing.listAgain().then(() => 'ended');
    const later = new Promise((resolve) => setImmediate(resolve, 'waits'));
    expect(await Promise.race([again, later])).to.equal('ended');
  });
});
