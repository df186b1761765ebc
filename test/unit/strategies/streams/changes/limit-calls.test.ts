import { expect } from 'chai';
import type {
  ChangeRecords,
  ChangeSource,
} from '../../../../../src/strategies/streams/changes/change-source.ts';
import { limitCalls } from '../../../../../src/strategies/streams/changes/limit-calls.ts';

const PLACE = { arn: 'arn:model/stream/1', shardId: 'shardId-1' };
const BEGINNING = { kind: 'beginning' } as const;
const NOBODY = new AbortController().signal;

/** A source whose calls end when they are told to. */
class HeldSource implements ChangeSource {
  readonly held: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];

  describe(): never {
    throw new Error('Nobody lists shards here.');
  }

  iterator(): Promise<string> {
    return this.#hold('iterator');
  }

  fetch(): Promise<ChangeRecords> {
    return this.#hold({} as ChangeRecords);
  }

  now(): number {
    return 0;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  #hold<T>(answer: T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.held.push({ end: () => resolve(answer), fail: reject });
    });
  }
}

/** Has everything happen that does not wait for a call. */
async function settle(): Promise<void> {
  await new Promise(setImmediate);
}

describe('a limit of calls about shards', () => {
  let source: HeldSource;
  let limited: ChangeSource;

  beforeEach(() => {
    source = new HeldSource();
    limited = limitCalls(source, 2);
  });

  it('has the others wait until one has ended, well or not', async () => {
    const calls = [
      limited.iterator(PLACE, BEGINNING, NOBODY),
      limited.fetch(PLACE, 'one', NOBODY),
      limited.iterator(PLACE, BEGINNING, NOBODY),
      limited.fetch(PLACE, 'two', NOBODY),
    ].map((call) => call.catch((error: unknown) => error));
    await settle();
    expect(source.held).to.have.length(2);
    source.held[0]?.fail(new Error('refused'));
    await settle();
    expect(source.held).to.have.length(3);
    source.held[1]?.end();
    await settle();
    expect(source.held).to.have.length(4);
    source.held[2]?.end();
    source.held[3]?.end();
    const [refused, , third] = await Promise.all(calls);
    expect(refused).to.have.property('message', 'refused');
    expect(third).to.equal('iterator');
  });

  it('forgets those that are told to stop while they wait', async () => {
    void limited.fetch(PLACE, 'one', NOBODY);
    void limited.fetch(PLACE, 'two', NOBODY);
    const stop = new AbortController();
    const waiting = limited.fetch(PLACE, 'three', stop.signal);
    const reason = new Error('stop');
    stop.abort(reason);
    const error: unknown = await waiting.catch((thrown: unknown) => thrown);
    expect(error).to.equal(reason);
    void limited.fetch(PLACE, 'four', NOBODY);
    source.held[0]?.end();
    await settle();
    expect(source.held).to.have.length(3);
  });
});
