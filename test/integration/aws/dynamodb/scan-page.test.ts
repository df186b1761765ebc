import { expect } from 'chai';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { sampleItems } from '../../../../src/aws/dynamodb/sample-items.ts';
import { fetchScanPage, type ScanPage } from '../../../../src/aws/dynamodb/scan-page.ts';
import { SystemError, TransientError } from '../../../../src/errors.ts';
import {
  awsError,
  gzip,
  rawReply,
  startFakeAws,
  success,
  successBytes,
  wrongCrc,
  type FakeAws,
} from '../../../support/fake-aws.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import { ONE_TRY, openConnection } from '../open-connection.ts';

const START_KEY = { pk: { S: 'x' } };
const NO = new AbortController().signal;
const KEYS = [
  '{"pk":{"S":"],\\"Items\\":["}}',
  '{"pk":{"S":"]}"},"sk":{"N":"1"}}',
  '{"],":{"S":"]"},"[":{"B":"AA=="}}',
  '{"__proto__":{"S":"x"},"constructor":{"S":"\\ud83d\\ude00"}}',
  '{"Items":{"S":"\\"Items\\":[]"},"pk":{"S":"],\\"a\\":1"}}',
];

describe('a page of a scan', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  before(async () => {
    aws = await startFakeAws();
    connection = await openConnection(aws);
  });
  after(() => {
    connection.close();
    return aws.stop();
  });

  function fetchPage(key?: ScanPage['lastEvaluatedKey']): Promise<ScanPage> {
    const request = { table: 'orders', segment: 1, totalSegments: 3, consistentRead: true };
    const exclusiveStartKey = key && { exclusiveStartKey: key };
    return fetchScanPage(connection, { ...request, ...exclusiveStartKey }, new PageBuffer(), NO);
  }

  function itemsOf({ buffer, itemsStart, itemsEnd }: ScanPage): string {
    return buffer.body.toString('utf8', itemsStart, itemsEnd + 1);
  }

  for (const key of KEYS) {
    for (const [order, body] of [
      [
        'behind',
        `{"Count":1,"Items":[{"a":{"S":"]"}}],"LastEvaluatedKey":${key},"ScannedCount":1}`,
      ],
      ['before', `{"LastEvaluatedKey":${key},"Count":1,"Items":[{"a":{"S":"]"}}]}`],
    ] as const) {
      it(`gives back the start key ${key} ${order} its items, exactly as it came`, async () => {
        aws.on('Scan', () => successBytes(Buffer.from(body)));
        const page = await fetchPage();
        expect(itemsOf(page)).to.equal('[{"a":{"S":"]"}}]');
        aws.on('Scan', () => successBytes(Buffer.from('{"Count":0,"Items":[]}')));
        await fetchPage(page.lastEvaluatedKey);
        const sent = aws.requestsTo('Scan').at(-1)?.input.ExclusiveStartKey;
        expect(JSON.stringify(sent)).to.equal(JSON.stringify(JSON.parse(key)));
      });
    }
  }

  it('is refused when it has items and ends at the key that it was to begin behind', async () => {
    const key = { pk: { S: 'a' } };
    const answer = (items: readonly unknown[]): void => {
      const body = { Count: items.length, Items: items, LastEvaluatedKey: key };
      aws.on('Scan', () => successBytes(Buffer.from(JSON.stringify(body))));
    };
    answer([{ pk: { S: 'b' } }]);
    expect((await fetchPage({ pk: { S: 'c' } })).lastEvaluatedKey).to.deep.equal(key);
    const outcome = await fetchPage(key).catch((error: unknown) => error);
    expect(outcome)
      .to.be.instanceOf(SystemError)
      .with.property('message')
      .that.includes('supposed to start after');
    answer([]);
    expect((await fetchPage(key)).lastEvaluatedKey).to.deep.equal(key);
  });

  for (const [name, body] of [
    ['no Items', '{"Count":0,"ScannedCount":0}'],
    ['cut off', '{"Count":1,"Items":[{"a":{"S":"x"}'],
    ['no JSON', 'Items: none'],
  ] as const) {
    it(`is refused when its answer is ${name}`, async () => {
      aws.on('Scan', () => rawReply(200, body, { 'content-type': 'application/x-amz-json-1.0' }));
      const outcome = await fetchPage().catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(Error);
    });
  }

  it('is inflated however its coding is spelt, and refused in one that was not asked for', async () => {
    const zipped = gzip(successBytes(Buffer.from('{"Count":1,"Items":[{"a":{"S":"x"}}]}')));
    for (const coding of ['gzip', 'GZIP', 'x-gzip']) {
      const headers = { ...zipped.headers, 'content-encoding': coding };
      aws.on('Scan', () => ({ ...zipped, headers }));
      expect(itemsOf(await fetchPage())).to.equal('[{"a":{"S":"x"}}]');
    }
    const coded = { ...zipped.headers, 'content-encoding': 'br' };
    aws.on('Scan', () => ({ ...zipped, headers: coded }));
    const outcome = await fetchPage().catch((error: unknown) => error);
    expect(outcome)
      .to.be.instanceOf(TransientError)
      .with.property('message')
      .that.includes('as br,');
    const plain = { 'content-encoding': '' };
    aws.on('Scan', () => rawReply(200, '{"Count":0,"Items":[]}', plain));
    expect(itemsOf(await fetchPage())).to.equal('[]');
    // What went wrong is told by the status.
    aws.on('Scan', () => rawReply(503, '?', { 'content-encoding': 'br' }));
    const failure = await fetchPage().catch((error: unknown) => error);
    expect(failure).to.have.nested.property('$metadata.httpStatusCode', 503);
  });

  it('is refused when its CRC-32 is wrong, as what may be asked for again', async () => {
    const page = successBytes(Buffer.from('{"Count":0,"Items":[],"ScannedCount":0}'));
    aws.on('Scan', () => wrongCrc(page));
    const outcome = await fetchPage().catch((error: unknown) => error);
    const error = connection.classify(outcome, 'dynamodb:Scan');
    expect(error).to.be.instanceOf(TransientError).with.property('reason', 'damaged');
  });

  it('that is an error is never taken for items', async () => {
    aws.on('Scan', () => awsError('ValidationException', '"Items":[] is not valid'));
    const outcome = await fetchPage().catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Error).and.not.instanceOf(SystemError);
    expect(outcome).to.include({ name: 'ValidationException' });
  });
});

describe('a sample of items', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 100, 10)] });
    connection = await openConnection(aws);
  });
  afterEach(() => {
    connection.close();
    return aws.stop();
  });

  const sample = (size: number, mostPages?: number) => {
    const target = { table: 'orders', consistentRead: false };
    const options = { size, patience: ONE_TRY, ...(mostPages !== undefined && { mostPages }) };
    return sampleItems(connection, target, options);
  };

  async function sampleNumbers(size: number): Promise<readonly number[]> {
    const { items } = await sample(size);
    return items.map((item) => Number(item.n?.N)).sort((a, b) => a - b);
  }

  for (const [size, expected] of [
    [1, [0]],
    [4, [0, 25, 50, 75]],
    [8, [0, 1, 25, 26, 50, 51, 75, 76]],
  ] as const) {
    it(`of ${size} is spread over four segments`, async () => {
      expect(await sampleNumbers(size)).to.deep.equal(expected);
    });
  }

  it('of more items than a page holds goes on behind it', async () => {
    const numbers = await sampleNumbers(60);
    expect(new Set(numbers).size).to.equal(60);
    for (const start of [0, 25, 50, 75]) expect(numbers).to.include(start + 14);
  });

  it('of more items than there are is all of them', async () => {
    const numbers = await sampleNumbers(1000);
    expect(numbers).to.deep.equal(Array.from({ length: 100 }, (_, n) => n));
  });

  it('takes pages of very many tiny items', async () => {
    const items = Array.from({ length: 100_000 }, () => '{"n":{"N":"1"}}').join(',');
    aws.on('Scan', () => successBytes(Buffer.from(`{"Items":[${items}]}`)));
    expect(await sampleNumbers(1_000_000)).to.have.length(400_000);
  });

  it('takes from other segments what short ones lack', async () => {
    const scan = aws.handler('Scan');
    const empty = successBytes(Buffer.from('{"Count":0,"Items":[],"ScannedCount":0}'));
    aws.on('Scan', (input, request) => (input.Segment === 2 ? scan(input, request) : empty));
    expect(await sampleNumbers(20)).to.deep.equal(Array.from({ length: 20 }, (_, n) => 50 + n));
  });

  it('reads eventually consistently, and not one item for a sample of none', async () => {
    expect(await sampleNumbers(0)).to.deep.equal([]);
    expect(aws.requestsTo('Scan')).to.deep.equal([]);
    await sampleNumbers(1);
    expect(aws.requestsTo('Scan')[0]?.input.ConsistentRead).to.equal(false);
  });

  for (const [size, items, isWholeTable] of [
    [1, 1, false],
    [99, 99, false],
    [100, 100, false],
    [101, 100, true],
    [1000, 100, true],
  ] as const) {
    it(`of ${size} ${isWholeTable ? 'is' : 'is not'} all of 100 items`, async () => {
      const taken = await sample(size);
      expect(taken.items).to.have.length(items);
      expect(taken.isWholeTable).to.equal(isWholeTable);
    });
  }

  it('is not the whole when segments have more behind the last item that was asked for', async () => {
    aws.addTable(numberedTable('orders', 100, 25));
    const scan = aws.handler('Scan');
    // DynamoDB gives a key behind a full page, also where nothing follows.
    aws.on('Scan', (input, request) => scan({ ...input, Limit: 24 }, request));
    expect(await sample(96)).to.include({ isWholeTable: false });
  });

  it('is not the whole when a filter ends it before the table does', async () => {
    aws.on('Scan', ({ Limit }) =>
      success({ Items: [], Count: 0, ScannedCount: Limit ?? 0, LastEvaluatedKey: START_KEY }),
    );
    expect(await sample(10)).to.deep.equal({ items: [], isWholeTable: false });
  });

  it('is the whole of what a filter lets pass when every segment has ended', async () => {
    aws.on('Scan', () => success({ Items: [{ n: { N: '1' } }], Count: 1, ScannedCount: 500 }));
    const taken = await sample(10);
    expect(taken.items).to.have.length(4);
    expect(taken.isWholeTable).to.equal(true);
  });

  it('takes no more pages of a segment than it may', async () => {
    const taken = await sample(1000, 1);
    expect(taken.items).to.have.length(40);
    expect(taken.isWholeTable).to.equal(false);
    expect(aws.requestsTo('Scan')).to.have.length(4);
  });
});
