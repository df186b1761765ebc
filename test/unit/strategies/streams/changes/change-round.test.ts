import { expect } from 'chai';
import type { ChangeRecord } from '../../../../../src/aws/streams/change-records.ts';
import type { ShardPage } from '../../../../../src/aws/streams/change-stream.ts';
import { CdcColumns } from '../../../../../src/strategies/cdc-columns.ts';
import { ConfigError } from '../../../../../src/errors.ts';
import { ChangeProgress } from '../../../../../src/strategies/streams/change-progress.ts';
import { ChangeRound } from '../../../../../src/strategies/streams/changes/change-round.ts';
import type {
  ChangeRecords,
  ChangeSource,
} from '../../../../../src/strategies/streams/changes/change-source.ts';
import { GapError } from '../../../../../src/strategies/streams/gaps/gap-error.ts';

const ARN = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/1';
const NOW = Date.parse('2026-11-26T12:00:00Z');
const RECORD: ChangeRecord = {
  ...{ kind: 'put', sequenceNumber: '2', createdAt: NOW / 1000, isTtl: false },
  ...{ keys: { start: 0, end: 2 }, newImage: { start: 0, end: 2 } },
};

/** Has everything happen that is ready. */
async function settle(): Promise<void> {
  await new Promise(setImmediate);
}

/** Two shards that always have another change, and one whose position is lost as soon as that is wanted. */
class ModelSource implements ChangeSource {
  fetched = 0;
  released = 0;
  lose: () => void = () => undefined;
  readonly #isLost = new Promise<void>((resolve) => (this.lose = resolve));

  describe(): Promise<ShardPage> {
    const shards = ['a', 'b', 'lost'].map((id) => ({ id, isClosed: false }));
    return Promise.resolve({ status: 'ENABLED', shards });
  }

  async iterator({ shardId }: { readonly shardId: string }): Promise<string> {
    if (shardId === 'lost') {
      await this.#isLost;
      throw new ConfigError('It was trimmed.', { reason: 'position lost' });
    }
    return 'iterator';
  }

  fetch(): Promise<ChangeRecords> {
    this.fetched++;
    return Promise.resolve({
      ...{ bytes: Buffer.from('{}'), records: [RECORD], latestSecond: 0 },
      nextIterator: 'next',
      release: () => {
        this.released++;
      },
    });
  }

  now(): number {
    return NOW;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a round of changes', () => {
  it('gives back every answer when it ends because a shard has a gap', async () => {
    const source = new ModelSource();
    const position = { after: '1', cursor: 1000 * NOW };
    const progress = new ChangeProgress({
      ...{ arn: ARN, base: 1000 * NOW - 1, finished: {} },
      read_to: '2026-11-25T06:00:00Z',
      read_to_latest: '2026-11-25T06:00:00Z',
      shards: { a: position, b: position, lost: position },
    });
    const round = new ChangeRound({
      ...{ table: 'orders', source, progress, passesOld: false, toleratesGaps: false },
      goal: { target: NOW, answers: 10 },
      options: { columns: new CdcColumns(() => true), includeOldImage: true },
      notify: () => undefined,
    });
    let pages = 0;
    let error: unknown;
    try {
      for await (const page of round.read(new AbortController().signal)) {
        page.advance();
        page.release();
        if (++pages === 4) source.lose();
        await settle();
      }
    } catch (thrown) {
      error = thrown;
    }
    expect(error).to.be.an.instanceOf(GapError);
    expect(source.fetched, 'some were asked for in vain').to.be.above(pages);
    expect(source.released).to.equal(source.fetched);
  });
});
