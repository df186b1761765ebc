import { expect } from 'chai';
import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { describeTable } from '../../../../src/aws/dynamodb/tables.ts';
import { OpenObjects } from '../../../../src/aws/s3/open-objects.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { Inflater } from '../../../../src/strategies/export/inflate/inflater.ts';
import { chooseMethod } from '../../../../src/strategies/choose-method.ts';
import { openRead } from '../../../../src/strategies/open-read.ts';
import type { ReadStrategy } from '../../../../src/strategies/read-strategy.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import {
  awsError,
  hang,
  startFakeAws,
  successBytes,
  type FakeAws,
} from '../../../support/fake-aws.ts';
import { openConnection } from '../../aws/open-connection.ts';

const NO = new AbortController().signal;
const MOST_PAGES = 80;
const DENIED = awsError('AccessDeniedException', 'User: u is not authorized');

describe('a scan', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 10, 1)] });
    connection = await openConnection(aws);
  });
  afterEach(() => {
    connection.close();
    return aws.stop();
  });

  async function createScan(segments = 2, pages = createPool(4)): Promise<ReadStrategy> {
    const { region } = aws;
    const credentials = { auth_type: 'Role' };
    const config = parseConfig({ region, credentials, scan: { segments } });
    const table = await describeTable(connection, { name: 'orders', reference: 'orders' }, NO);
    const plan = chooseMethod(config).plan({
      stream: {
        descriptor: { name: 'orders' },
        syncMode: 'full_refresh',
        jsonSchema: {},
        cursorField: [],
      },
      table,
      saved: { kind: 'none' },
    });
    if (plan.kind === 'finished') return expect.fail('nothing would be read');
    const nothing = () => undefined;
    const events = { retrying: nothing, rateLimited: nothing, told: nothing };
    const shared = { pages, objects: new OpenObjects(1), inflater: new Inflater() };
    return openRead(plan, { config, connection, ...shared, events });
  }

  it('covers a page only once it is advanced past', async () => {
    const strategy = await createScan(1);
    const states: unknown[] = [];
    for await (const page of strategy.read(NO)) {
      const before = JSON.stringify(strategy.state());
      page.advance();
      page.release();
      states.push([before, JSON.stringify(strategy.state())]);
    }
    const [first, second] = states as [string, string][];
    expect(first?.[0]).to.equal('{"scan":{"total_segments":1,"segments":[]}}');
    expect(first?.[1]).to.include('exclusive_start_key');
    expect(second?.[0]).to.equal(first?.[1]);
    expect(states).to.have.length.above(2);
    expect(strategy.state()).to.deep.equal({ scan_complete: true });
  });

  it('returns every buffer, however it ends', async () => {
    const page = (key: string): string => `{"Items":[{"pk":{"S":"a"}}]${key}}`;
    const next = ',"LastEvaluatedKey":{"pk":{"S":"b"}}';
    const pages = createPool(MOST_PAGES);
    for (const last of [page(''), undefined]) {
      aws.on('Scan', ({ Segment, ExclusiveStartKey }) => {
        if (Segment === 7 && ExclusiveStartKey !== undefined) {
          return last === undefined ? DENIED : successBytes(Buffer.from(last));
        }
        return successBytes(Buffer.from(page(ExclusiveStartKey === undefined ? next : '')));
      });
      const read = await readAll(await createScan(40, pages)).catch((thrown: unknown) => thrown);
      if (last !== undefined) expect(read).to.equal(80);
      else expect(read).to.be.instanceOf(Error);
      await borrowAll(pages);
    }
  });

  it('does not wait for the other segment when its consumer stops', async () => {
    const scan = aws.handler('Scan');
    aws.on('Scan', (input, request) => (input.Segment === 0 ? scan(input, request) : hang().reply));
    const pages = createPool(MOST_PAGES);
    expect(await readFirst(await createScan(2, pages))).to.have.property('itemCount', 1);
    // The page that was taken is its consumer's.
    await borrowAll(pages, MOST_PAGES - 1);
  });
});

async function readFirst(strategy: ReadStrategy) {
  for await (const page of strategy.read(NO)) return page;
  return undefined;
}

/** The number of pages. */
async function readAll(strategy: ReadStrategy): Promise<number> {
  let pages = 0;
  for await (const page of strategy.read(NO)) {
    pages++;
    page.release();
  }
  return pages;
}

function createPool(pages: number): PageBufferPool {
  return new PageBufferPool({ pages, readers: 1 });
}

/** Waits until so many buffers can be had, and gives them back. */
async function borrowAll(pages: PageBufferPool, count = MOST_PAGES): Promise<void> {
  const borrower = pages.join(MOST_PAGES);
  // Pages of usual size, as is known after some.
  for (let page = 0; page < 4; page++) {
    const loan = await pages.acquire(borrower, NO);
    pages.settle(loan);
    pages.release(loan);
  }
  const loans = await Promise.all(Array.from({ length: count }, () => pages.acquire(borrower, NO)));
  for (const loan of loans) pages.release(loan);
  pages.leave(borrower);
}
