import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
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

const TABLE: FakeTableDefinition = {
  ...{ name: 't', items: ['{"pk":{"S":"a"}}'] },
  partitionKey: { name: 'pk', type: 'S' },
};

describe('the fake AWS', () => {
  let aws: FakeAws;
  let now: number;
  let client: DynamoDBClient;
  let sts: STSClient;

  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1);
    aws = await startFakeAws({ now: () => now, tables: [TABLE] });
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

  async function failure(sent: Promise<unknown>): Promise<string> {
    return sent.then(
      () => 'no failure',
      (error: unknown) => String(error),
    );
  }

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
    expect((await client.send(new ScanCommand({ TableName: 't' }))).Count).to.equal(1);
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
