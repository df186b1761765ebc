import { expect } from 'chai';
import type { RawItem } from '../../../../src/aws/dynamodb/attribute-value.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import type { ScanPage } from '../../../../src/aws/dynamodb/scan-page.ts';
import { readSegment, type SegmentPage } from '../../../../src/strategies/scan/segment-reader.ts';

const BUFFER = new PageBuffer();
const SEGMENT = 3;

function keyOf(name: string): RawItem {
  return { pk: { S: name } };
}

function pageOf(lastKey: string | undefined): ScanPage {
  const page = { buffer: BUFFER, itemsStart: 0, itemsEnd: 1 };
  return lastKey === undefined ? page : { ...page, lastEvaluatedKey: keyOf(lastKey) };
}

/** Lets everything happen that is ready to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Answers that are given one by one to the requests of a segment. */
class FakeTable {
  readonly asked: (string | undefined)[] = [];
  readonly #waiting: {
    readonly resolve: (page: ScanPage) => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  readonly fetchPage = (segment: number, startKey: RawItem | undefined): Promise<ScanPage> => {
    expect(segment).to.equal(SEGMENT);
    this.asked.push(startKey?.pk?.S as string | undefined);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  };

  async answer(lastKey: string | undefined): Promise<void> {
    this.#waiting.shift()?.resolve(pageOf(lastKey));
    await settle();
  }

  async fail(error: Error): Promise<void> {
    this.#waiting.shift()?.reject(error);
    await settle();
  }
}

describe('reading a segment', () => {
  let table: FakeTable;
  let stop: AbortController;

  beforeEach(() => {
    table = new FakeTable();
    stop = new AbortController();
  });

  function read(startKey?: RawItem): AsyncGenerator<SegmentPage> {
    const segment = { segment: SEGMENT, ...(startKey && { startKey }) };
    return readSegment(segment, table.fetchPage, stop.signal);
  }

  it('reads from its beginning, page by page, until no key is left', async () => {
    const pages = read();
    const first = pages.next();
    await table.answer('a');
    expect(await first).to.deep.equal({
      done: false,
      value: { segment: SEGMENT, page: pageOf('a') },
    });
    const second = pages.next();
    await table.answer(undefined);
    expect(await second).to.deep.equal({
      done: false,
      value: { segment: SEGMENT, page: pageOf(undefined) },
    });
    expect(await pages.next()).to.deep.equal({ done: true, value: undefined });
    expect(table.asked).to.deep.equal([undefined, 'a']);
  });

  it('goes on behind a start key', async () => {
    const pages = read(keyOf('m'));
    const first = pages.next();
    await table.answer(undefined);
    await first;
    expect((await pages.next()).done).to.equal(true);
    expect(table.asked).to.deep.equal(['m']);
  });

  it('asks for the next page as soon as one is here, and for no further one', async () => {
    const pages = read();
    const first = pages.next();
    await table.answer('a');
    await first;
    expect(table.asked).to.deep.equal([undefined, 'a']);
    await table.answer('b');
    // The page behind b is there, but nobody has taken it yet.
    expect(table.asked).to.deep.equal([undefined, 'a']);
    await pages.next();
    expect(table.asked).to.deep.equal([undefined, 'a', 'b']);
  });

  it('asks for nothing before it is read', async () => {
    read();
    await settle();
    expect(table.asked).to.deep.equal([]);
  });

  it('ends without an error when it is stopped, after the page that is here', async () => {
    const pages = read();
    const first = pages.next();
    stop.abort();
    await table.answer('a');
    expect((await first).done).to.equal(false);
    expect((await pages.next()).done).to.equal(true);
    expect(table.asked).to.deep.equal([undefined]);
  });

  it('ends without an error when a page fails because it was stopped', async () => {
    const pages = read();
    const first = pages.next();
    await settle();
    stop.abort();
    await table.fail(new Error('aborted'));
    expect((await first).done).to.equal(true);
  });

  it('fails as a page fails, after those before it', async () => {
    const pages = read();
    const first = pages.next();
    await table.answer('a');
    expect((await first).done).to.equal(false);
    const error = new Error('throttled');
    await table.fail(error);
    // Seen only when the page is asked for.
    const outcome = await Promise.allSettled([pages.next()]);
    expect(outcome).to.deep.equal([{ status: 'rejected', reason: error }]);
    expect((await pages.next()).done).to.equal(true);
  });

  it('lets a page read ahead fail unseen when nobody reads on', async () => {
    const pages = read();
    const first = pages.next();
    await table.answer('a');
    await first;
    await pages.return(undefined);
    // Mocha fails the run for a rejection that nobody handles.
    await table.fail(new Error('late'));
    expect((await pages.next()).done).to.equal(true);
  });
});
