import { expect } from 'chai';
import fc from 'fast-check';
import { merge, type Source as MergeSource } from '../../src/merge.ts';

/** A source whose values are given one by one, and that tells how it was used. */
class Source implements AsyncIterable<string> {
  readonly name: string;
  readonly events: string[];
  readonly #waiting: PromiseWithResolver[] = [];

  constructor(name: string, events: string[]) {
    this.name = name;
    this.events = events;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    this.events.push(`${this.name} opened`);
    try {
      for (;;) {
        const value = await new Promise<string | undefined>((resolve, reject) => {
          this.#waiting.push({ resolve, reject });
        });
        if (value === undefined) return;
        yield value;
      }
    } finally {
      this.events.push(`${this.name} closed`);
    }
  }

  /** Whether a value is being waited for. */
  get isAsked(): boolean {
    return this.#waiting.length > 0;
  }

  async give(value: string): Promise<void> {
    this.#waiting.shift()?.resolve(value);
    await settle();
  }

  async end(): Promise<void> {
    this.#waiting.shift()?.resolve(undefined);
    await settle();
  }

  async fail(error: Error): Promise<void> {
    this.#waiting.shift()?.reject(error);
    await settle();
  }
}

interface PromiseWithResolver {
  readonly resolve: (value: string | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Lets everything happen that is ready to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Reads on its own, and keeps what came. */
function consume(merged: AsyncGenerator<string>) {
  const result: { values: string[]; error?: unknown; isDone: boolean } = {
    values: [],
    isDone: false,
  };
  const done = (async () => {
    try {
      for await (const value of merged) result.values.push(value);
      result.isDone = true;
    } catch (error) {
      result.error = error;
    }
  })();
  return { result, done };
}

/** Sources that heed no signal. */
function open<T>(...sources: readonly AsyncIterable<T>[]): readonly MergeSource<T>[] {
  return sources.map((source) => () => source);
}

async function* listOf(values: readonly string[]): AsyncGenerator<string> {
  for (const value of values) {
    await Promise.resolve();
    yield value;
  }
}

describe('merging', () => {
  let events: string[];
  let a: Source;
  let b: Source;
  let c: Source;

  beforeEach(() => {
    events = [];
    [a, b, c] = [new Source('a', events), new Source('b', events), new Source('c', events)];
  });

  it('gives values in the order in which they become ready', async () => {
    const { result, done } = consume(merge(open(a, b)));
    await settle();
    await b.give('b1');
    await a.give('a1');
    await b.give('b2');
    await a.end();
    await b.give('b3');
    await b.end();
    await done;
    expect(result).to.deep.equal({ values: ['b1', 'a1', 'b2', 'b3'], isDone: true });
  });

  it('opens the next source only when one has ended', async () => {
    const { done } = consume(merge(open(a, b, c), { concurrency: 2 }));
    await settle();
    expect(events).to.deep.equal(['a opened', 'b opened']);
    await b.end();
    expect(events).to.deep.equal(['a opened', 'b opened', 'b closed', 'c opened']);
    await a.end();
    await c.end();
    await done;
  });

  it('asks each open source for one value ahead, and no more', async () => {
    const merged = merge(open(a, b));
    const first = merged.next();
    await settle();
    await a.give('a1');
    await b.give('b1');
    expect(await first).to.deep.equal({ value: 'a1', done: false });
    await settle();
    // The value of b is kept, and neither is asked while nobody reads on.
    expect([a.isAsked, b.isAsked]).to.deep.equal([false, false]);
    expect(await merged.next()).to.deep.equal({ value: 'b1', done: false });
    await settle();
    expect([a.isAsked, b.isAsked]).to.deep.equal([true, false]);
    const closing = merged.return(undefined);
    await a.end();
    await closing;
    expect(events).to.include.members(['a closed', 'b closed']);
  });

  it('fails as the first source fails, when the others are closed', async () => {
    const { result, done } = consume(merge(open(a, b, c), { concurrency: 2 }));
    await settle();
    await a.give('a1');
    const error = new Error('first');
    await b.fail(error);
    expect(result.error, 'a is still waited for').to.equal(undefined);
    await a.fail(new Error('second'));
    await done;
    expect(result).to.deep.include({ values: ['a1'], error, isDone: false });
    expect(events).to.deep.equal(['a opened', 'b opened', 'b closed', 'a closed']);
  });

  it('gives what came before a failure', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield* listOf(['x', 'y']);
      throw new Error('end');
    }
    const { result, done } = consume(merge(open(failing())));
    await done;
    expect(result.values).to.deep.equal(['x', 'y']);
  });

  it('closes every open source when the consumer stops early', async () => {
    const stopped = (async () => {
      for await (const value of merge(open(a, b, c), { concurrency: 2 })) return value;
      return undefined;
    })();
    await settle();
    await a.give('a1');
    await b.give('b1');
    expect(await stopped).to.equal('a1');
    expect(events).to.deep.equal(['a opened', 'b opened', 'a closed', 'b closed']);
  });

  describe('has a signal of its sources, which', () => {
    let signals: AbortSignal[];

    beforeEach(() => {
      signals = [];
    });

    /** Sources that end when they are told to. */
    function heedful(...sources: readonly Source[]): readonly MergeSource<string>[] {
      return sources.map((source) => (signal) => {
        signals.push(signal);
        signal.addEventListener('abort', () => void source.end());
        return source;
      });
    }

    it('is aborted by the first failure, so that nobody waits for the others', async () => {
      const { result, done } = consume(merge(heedful(a, b)));
      await settle();
      const error = new Error('first');
      await b.fail(error);
      await done;
      expect(result).to.deep.include({ error, isDone: false });
      expect(events).to.include.members(['a closed', 'b closed']);
    });

    it('is aborted when the consumer stops early', async () => {
      const merged = merge(heedful(a, b));
      const first = merged.next();
      await settle();
      await a.give('a1');
      await first;
      await merged.return(undefined);
      expect(signals.map((signal) => signal.aborted)).to.deep.equal([true, true]);
    });

    it('follows the given one, after which values that are ready still come and nothing is opened', async () => {
      const stop = new AbortController();
      const options = { concurrency: 2, signal: stop.signal };
      const { result, done } = consume(merge(heedful(a, b, c), options));
      await settle();
      await a.give('a1');
      stop.abort();
      await done;
      expect(result).to.deep.equal({ values: ['a1'], isDone: true });
      expect(events).to.not.include('c opened');
    });

    it('is not aborted as long as values come', async () => {
      const { done } = consume(merge(heedful(a)));
      await settle();
      await a.give('a1');
      expect(signals[0]?.aborted).to.equal(false);
      await a.end();
      await done;
    });
  });

  it('ends at once without sources', async () => {
    expect(await merge<string>([]).next()).to.deep.equal({ value: undefined, done: true });
  });

  it('gives every value of every source once, each source in its order', async () => {
    const lists = fc.array(fc.array(fc.string(), { maxLength: 5 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 7 }), async (all, concurrency) => {
        const tagged = all.map((list, index) => list.map((value, at) => `${index} ${at} ${value}`));
        const { result, done } = consume(merge(open(...tagged.map(listOf)), { concurrency }));
        await done;
        expect(result.isDone).to.equal(true);
        const bySource = tagged.map((_, index) =>
          result.values.filter((value) => value.startsWith(`${index} `)),
        );
        expect(bySource).to.deep.equal(tagged);
      }),
    );
  });
});
