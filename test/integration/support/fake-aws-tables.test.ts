import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { crc32 } from 'node:zlib';
import { startFakeAws, type FakeAws, type FakeTableDefinition } from '../../support/fake-aws.ts';

// Requests that are written by hand are not signed.
const UNVERIFIED = {
  accessKeyId: 'AKIAUNVERIFIED000000',
  arn: 'arn:aws:iam::123456789012:user/raw',
};

function table(name: string, count: number, pageSize: number): FakeTableDefinition {
  const items = Array.from(
    { length: count },
    (_, n) => `{"pk":{"S":"p${n}"},"sk":{"N":"${n}"},"n":{"N":"+00${n}.50E1"}}`,
  );
  return {
    ...{ name, items, pageSize },
    partitionKey: { name: 'pk', type: 'S' },
    sortKey: { name: 'sk', type: 'N' },
  };
}

describe('a table of the fake AWS', () => {
  let aws: FakeAws;
  let client: DynamoDBClient;

  before(async () => {
    aws = await startFakeAws({ tables: [table('t', 23, 4)] });
    aws.addPrincipal(UNVERIFIED);
    const { endpoint, region } = aws;
    client = new DynamoDBClient({ endpoint, region, credentials: aws, maxAttempts: 1 });
  });

  after(() => {
    client.destroy();
    return aws.stop();
  });

  async function scanSegment(input: Partial<ScanCommandInput>): Promise<readonly string[]> {
    const numbers: string[] = [];
    let page: ScanCommandInput = { TableName: 't', ...input };
    for (;;) {
      const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand(page));
      numbers.push(...Items.map((item) => item.sk?.N ?? ''));
      if (LastEvaluatedKey === undefined) return numbers;
      page = { ...page, ExclusiveStartKey: LastEvaluatedKey };
    }
  }

  async function failure(sent: Promise<unknown>): Promise<string> {
    return sent.then(
      () => 'no failure',
      (error: unknown) => String(error),
    );
  }

  const EVERY = Array.from({ length: 23 }, (_, n) => String(n));

  for (const total of [1, 2, 4, 7, 23, 40]) {
    it(`gives every item once in ${total} segments`, async () => {
      const segments = Array.from({ length: total }, (_, Segment) =>
        scanSegment({ Segment, TotalSegments: total }),
      );
      expect((await Promise.all(segments)).flat()).to.deep.equal(EVERY);
    });
  }

  it('heeds a limit below the page size', async () => {
    const before = aws.requestsTo('Scan').length;
    expect(await scanSegment({ Limit: 3 })).to.deep.equal(EVERY);
    expect(aws.requestsTo('Scan').length - before).to.equal(8);
  });

  it('refuses a start key of another segment, of no item, or of another schema', async () => {
    const scan = (Segment: number, ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey']) =>
      failure(
        client.send(
          new ScanCommand({ TableName: 't', Segment, TotalSegments: 2, ExclusiveStartKey }),
        ),
      );
    const key = { pk: { S: 'p11' }, sk: { N: '11' } };
    expect(await scan(0, key)).to.equal('no failure');
    expect(await scan(1, key)).to.include('ExclusiveStartKey with correct Segment');
    expect(await scan(0, { ...key, sk: { N: '99' } })).to.include('correct Segment');
    expect(await scan(0, { pk: { S: 'p11' } })).to.include('does not match the schema');
  });

  it('serves items to the byte, with the CRC-32 of the body', async () => {
    const item =
      '{"__proto__":{"S":"k\\u0061"}, "é\\n":{"N":"-0.0E-7"},"😀":{"M":{"__proto__":{"NULL":true}}}}';
    aws.addTable({ name: 'odd', partitionKey: { name: '__proto__', type: 'S' }, items: [item] });
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.Scan',
        authorization: `AWS4-HMAC-SHA256 Credential=${UNVERIFIED.accessKeyId}/20300101/us-east-1/dynamodb/aws4_request`,
      },
      body: '{"TableName":"odd","Limit":1}',
    });
    const body = Buffer.from(await response.arrayBuffer());
    aws.removeTable('odd');
    expect(body.toString()).to.equal(
      `{"Count":1,"Items":[${item}],"LastEvaluatedKey":{"__proto__":{"S":"ka"}},"ScannedCount":1}`,
    );
    expect(response.headers.get('x-amz-crc32')).to.equal(String(crc32(body)));
  });

  it('lists tables by the hundred', async () => {
    const names = Array.from({ length: 105 }, (_, n) => `u${n + 100}`);
    for (const name of names) aws.addTable(table(name, 0, 1));
    const first = await client.send(new ListTablesCommand({}));
    const start = first.LastEvaluatedTableName;
    const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: start }));
    expect([first.TableNames?.length, second.TableNames?.length]).to.deep.equal([100, 6]);
    for (const name of names) aws.removeTable(name);
    expect([start, second.LastEvaluatedTableName]).to.deep.equal(['u198', undefined]);
  });

  it('describes tables by name and by ARN, those of other accounts by ARN only', async () => {
    const arn = 'arn:aws:dynamodb:us-east-1:999999999999:table/theirs';
    aws.addTable({ ...table('theirs', 2, 1), arn, itemCount: 7 });
    const describeTable = (TableName: string) =>
      client.send(new DescribeTableCommand({ TableName }));
    const { Table: own } = await describeTable('arn:aws:dynamodb:us-east-1:123456789012:table/t');
    const { Table: theirs } = await describeTable(arn);
    expect(own?.KeySchema?.map((key) => key.AttributeName)).to.deep.equal(['pk', 'sk']);
    expect([own?.ItemCount, theirs?.ItemCount]).to.deep.equal([23, 7]);
    expect(await failure(describeTable('theirs'))).to.equal(
      'ResourceNotFoundException: Requested resource not found: Table: theirs not found',
    );
  });
});
