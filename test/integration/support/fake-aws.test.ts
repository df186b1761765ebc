import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { crc32 } from 'node:zlib';
import {
  awsError,
  gzip,
  hang,
  resetConnection,
  roleRefusal,
  startFakeAws,
  stsError,
  success,
  truncated,
  wrongCrc,
  type FakeAws,
  type FakeTableDefinition,
} from '../../support/fake-aws.ts';

const ROLE = 'arn:aws:iam::123456789012:role/reader';

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

describe('the fake AWS', () => {
  let aws: FakeAws;
  let now: number;
  let client: DynamoDBClient;
  let sts: STSClient;

  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1);
    aws = await startFakeAws({ now: () => now, tables: [table('t', 23, 4)] });
    const { endpoint, region } = aws;
    client = connect(aws);
    sts = new STSClient({ endpoint, region, credentials: aws, maxAttempts: 1 });
  });

  afterEach(() => {
    client.destroy();
    sts.destroy();
    return aws.stop();
  });

  function connect(credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }): DynamoDBClient {
    const { endpoint, region } = aws;
    return new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
  }

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
    expect(await scanSegment({ Limit: 3 })).to.deep.equal(EVERY);
    expect(aws.requestsTo('Scan')).to.have.length(8);
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
        authorization: `AWS4-HMAC-SHA256 Credential=${aws.accessKeyId}/20300101/us-east-1/dynamodb/aws4_request`,
      },
      body: '{"TableName":"odd","Limit":1}',
    });
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.toString()).to.equal(
      `{"Count":1,"Items":[${item}],"LastEvaluatedKey":{"__proto__":{"S":"ka"}},"ScannedCount":1}`,
    );
    expect(response.headers.get('x-amz-crc32')).to.equal(String(crc32(body)));
  });

  it('lists tables by the hundred', async () => {
    for (let n = 100; n < 205; n++) aws.addTable(table(`u${n}`, 0, 1));
    const first = await client.send(new ListTablesCommand({}));
    const start = first.LastEvaluatedTableName;
    const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: start }));
    expect([first.TableNames?.length, second.TableNames?.length]).to.deep.equal([100, 6]);
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

  it('records who asked for what', async () => {
    await client.send(new ScanCommand({ TableName: 't', Limit: 2 }));
    const [request] = aws.requests;
    expect(request?.input).to.deep.equal({ TableName: 't', Limit: 2 });
    expect([request?.service, request?.accessKeyId, request?.region]).to.deep.equal([
      ...['dynamodb', aws.accessKeyId, 'us-east-1'],
    ]);
  });

  it('refuses unknown keys, denied operations and expired sessions in the words of AWS', async () => {
    const unknown = connect({ accessKeyId: 'AKIANOBODY', secretAccessKey: 's' });
    expect(await failure(unknown.send(new ListTablesCommand({})))).to.equal(
      'UnrecognizedClientException: The security token included in the request is invalid.',
    );
    aws.deny({ operation: 'Scan', table: 't' });
    expect(await failure(client.send(new ScanCommand({ TableName: 't' })))).to.equal(
      'AccessDeniedException: User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:Scan' +
        ' on resource: arn:aws:dynamodb:us-east-1:123456789012:table/t because no identity-based policy allows' +
        ' the dynamodb:Scan action',
    );
    const session = connect(aws.issueSession(1000));
    expect((await session.send(new ListTablesCommand({}))).TableNames).to.deep.equal(['t']);
    now += 1000;
    expect(await failure(session.send(new ListTablesCommand({})))).to.equal(
      'ExpiredTokenException: The security token included in the request is expired.',
    );
  });

  it('hands out sessions and tells who they are', async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'me', DurationSeconds: 900 }),
    );
    expect(Credentials?.Expiration?.getTime()).to.equal(now + 900_000);
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const assumed = new STSClient({
      ...{ endpoint: aws.endpoint, region: aws.region, maxAttempts: 1 },
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      },
    });
    const { Arn } = await assumed.send(new GetCallerIdentityCommand({}));
    expect(Arn).to.equal('arn:aws:sts::123456789012:assumed-role/reader/me');
    now += 900_000;
    expect(await failure(assumed.send(new GetCallerIdentityCommand({})))).to.include(
      'ExpiredToken',
    );
  });

  it('refuses a role as scripted', async () => {
    const refusal = roleRefusal('arn:aws:iam::123456789012:user/x', ROLE);
    aws.on('AssumeRole', () => stsError('AccessDenied', refusal));
    const sent = sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'me' }));
    expect(await failure(sent)).to.equal(`AccessDenied: ${refusal}`);
  });

  it('throttles once with reasons and then answers', async () => {
    const resource = 'arn:aws:dynamodb:us-east-1:123456789012:table/t';
    const throttlingReasons = [{ reason: 'TableReadKeyRangeThroughputExceeded', resource }];
    aws.once('Scan', () =>
      awsError('ProvisionedThroughputExceededException', 'slow down', { throttlingReasons }),
    );
    const thrown: unknown = await client
      .send(new ScanCommand({ TableName: 't' }))
      .catch((error: unknown) => error);
    expect(thrown).to.include({ name: 'ProvisionedThroughputExceededException' });
    expect(thrown).to.have.deep.property('ThrottlingReasons', throttlingReasons);
    expect(await scanSegment({})).to.deep.equal(EVERY);
  });

  it('breaks answers as scripted', async () => {
    const reply = success({ TableNames: ['a'] });
    const list = () => failure(client.send(new ListTablesCommand({})));
    aws.once('ListTables', () => truncated(reply, 5));
    expect(await list()).to.match(/aborted|JSON|ECONNRESET/);
    aws.once('ListTables', () => resetConnection());
    expect(await list()).to.match(/ECONNRESET|socket hang up/);
    const wrong = wrongCrc(reply);
    expect(Number(wrong.headers['x-amz-crc32'])).to.not.equal(crc32(wrong.body));
    const zipped = gzip(reply);
    expect(zipped.headers).to.include({
      ...{ 'content-encoding': 'gzip', 'x-amz-crc32': String(crc32(zipped.body)) },
    });
  });

  it('holds a request until it is released', async () => {
    const held = hang();
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    aws.on('ListTables', () => {
      arrived();
      return held.reply;
    });
    const sent = client.send(new ListTablesCommand({}));
    await arrival;
    held.release(success({ TableNames: ['late'] }));
    expect((await sent).TableNames).to.deep.equal(['late']);
  });

  it('stops with requests in the air, and tells of a handler that threw', async () => {
    const broken = await startFakeAws();
    broken.on('ListTables', () => {
      throw new Error('mistake in the test');
    });
    const { endpoint, region } = broken;
    const other = new DynamoDBClient({ endpoint, region, credentials: broken, maxAttempts: 1 });
    expect(await failure(other.send(new ListTablesCommand({})))).to.include('mistake in the test');
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    broken.on('ListTables', () => {
      arrived();
      return hang().reply;
    });
    const hanging = failure(other.send(new ListTablesCommand({})));
    await arrival;
    expect(await failure(broken.stop())).to.include('a handler of the fake AWS failed');
    expect(await hanging).to.match(/ECONNRESET|socket hang up/);
  });
});
