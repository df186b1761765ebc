import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { describeTable, type Table } from '../../../../src/aws/dynamodb/tables.ts';
import { fetchChanges } from '../../../../src/aws/streams/change-page.ts';
import { CompactRecords } from '../../../../src/aws/streams/change-records.ts';
import type { ChangeRecord } from '../../../../src/aws/streams/change-records.ts';
import { describeStream, getShardIterator } from '../../../../src/aws/streams/change-stream.ts';
import type { StreamsConnection } from '../../../../src/aws/streams/streams-connection.ts';
import type { Engine } from '../../../support/engine.ts';
import { ENGINES } from '../../../support/engines.ts';
import {
  startFakeAws,
  awsError,
  rawReply,
  success,
  type FakeAws,
} from '../../../support/fake-aws.ts';
import { adminClient } from '../../../support/seed.ts';
import { ONE_TRY, openConnection, openStreams } from '../open-connection.ts';

const START_TIMEOUT_MS = 120_000;
const NO = new AbortController().signal;

// dynalite has no change streams.
for (const { name, start } of ENGINES.filter((engine) => engine.name !== 'dynalite')) {
  describe(`change streams of ${name}`, () => {
    let engine: Engine;
    let connection: DynamoDbConnection;
    let streams: StreamsConnection;
    let admin: DynamoDBClient;

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      engine = await start();
      connection = await openConnection(engine);
      streams = openStreams(engine, connection);
      admin = adminClient(engine);
    });
    after(() => {
      admin.destroy();
      streams.close();
      connection.close();
      return engine.stop();
    });

    async function makeTable(table: string): Promise<void> {
      await admin.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        }),
      );
    }

    function describeIt(table: string): Promise<Table> {
      return describeTable(connection, { name: table, reference: table }, NO);
    }

    it('belong to tables, and can still be found when they are disabled', async () => {
      await makeTable('switched');
      const { changeStream } = await describeIt('switched');
      expect(changeStream).to.deep.include({ isEnabled: true, viewType: 'NEW_AND_OLD_IMAGES' });
      await admin.send(
        new UpdateTableCommand({
          TableName: 'switched',
          StreamSpecification: { StreamEnabled: false },
        }),
      );
      const disabled = (await describeIt('switched')).changeStream;
      expect(disabled?.isEnabled).to.equal(false);
      expect(disabled?.arn).to.equal(changeStream?.arn);
    });

    it('hold what was done to items, from the beginning or behind an entry', async () => {
      await makeTable('changed');
      const put = (v: string) =>
        admin.send(
          new PutItemCommand({ TableName: 'changed', Item: { pk: { S: 'a"b' }, v: { N: v } } }),
        );
      await put('1');
      await put('2');
      await admin.send(new DeleteItemCommand({ TableName: 'changed', Key: { pk: { S: 'a"b' } } }));
      const { changeStream: { arn } = { arn: '' } } = await describeIt('changed');
      const { status, shards } = await describeStream(streams, { arn }, ONE_TRY);
      expect([status, shards.length]).to.deep.equal(['ENABLED', 1]);
      const [{ id: shardId } = { id: '' }] = shards;

      const read = async (position: Parameters<typeof getShardIterator>[1]['position']) => {
        const place = { arn, shardId, position };
        const iterator = await getShardIterator(streams, place, ONE_TRY);
        return fetchChanges(
          streams,
          { iterator },
          { buffer: new PageBuffer(), records: new CompactRecords() },
          NO,
        );
      };
      const { buffer, records, nextIterator } = await read({ kind: 'beginning' });
      const parse = ({ newImage, oldImage }: ChangeRecord): readonly unknown[] =>
        [newImage, oldImage].map(
          (span): unknown => span && JSON.parse(buffer.body.toString('utf8', span.start, span.end)),
        );
      const item = (v: string) => ({ pk: { S: 'a"b' }, v: { N: v } });
      expect(Array.from(records, (record) => [record.kind, ...parse(record)])).to.deep.equal([
        ['put', item('1'), undefined],
        ['put', item('2'), item('1')],
        ['delete', undefined, item('2')],
      ]);
      expect(nextIterator).to.be.a('string');
      const [{ sequenceNumber } = { sequenceNumber: '' }, ...later] = records;
      const behind = await read({ kind: 'after', sequenceNumber });
      expect(Array.from(behind.records, (record) => record.sequenceNumber)).to.deep.equal(
        later.map((record) => record.sequenceNumber),
      );
    });

    it('are missing when nobody knows them, or their shards', async () => {
      const { changeStream: { arn } = { arn: '' } } = await describeIt('changed');
      const asked = [
        describeStream(streams, { arn: arn.replace('changed', 'other') }, ONE_TRY),
        getShardIterator(
          streams,
          {
            arn,
            shardId: 'shardId-00000000000000000000-00000000',
            position: { kind: 'beginning' },
          },
          ONE_TRY,
        ),
      ];
      for (const call of asked) {
        const error = await call.catch((thrown: unknown) => thrown);
        expect(error).to.include({ reason: 'missing' });
      }
    });
  });
}

describe('calls to change streams', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;
  let streams: StreamsConnection;

  beforeEach(async () => {
    aws = await startFakeAws();
    connection = await openConnection(aws);
    streams = openStreams(aws, connection);
  });
  afterEach(() => {
    streams.close();
    connection.close();
    return aws.stop();
  });

  function fetch(): Promise<unknown> {
    return fetchChanges(
      streams,
      { iterator: 'i', limit: 5 },
      { buffer: new PageBuffer(), records: new CompactRecords() },
      NO,
    );
  }

  it('are signed for the service and say what is asked for', async () => {
    aws.on('GetRecords', () => success({ Records: [], NextShardIterator: 'n' }));
    await fetch();
    const [request] = aws.requestsTo('GetRecords');
    expect(request).to.include({ service: 'streams', region: aws.region });
    expect(request?.isSignedWith(aws.secretAccessKey)).to.equal(true);
    expect(request?.input).to.deep.equal({ ShardIterator: 'i', Limit: 5 });
  });

  it('fail with the option of the config that says where they go', () => {
    const refusal = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const apart = openStreams(aws, connection, { streams_endpoint: 'http://127.0.0.1:9' });
    const classify = (from: typeof streams): string =>
      from.classify(refusal, 'dynamodb:GetRecords').message;
    expect(classify(streams)).to.include('Check "region" and "endpoint",');
    expect(classify(apart)).to.include('Check "region" and "streams_endpoint",');
    apart.close();
  });

  it('go to an endpoint of their own', async () => {
    const other = await startFakeAws();
    other.addPrincipal({ ...aws, arn: 'arn:aws:iam::123456789012:user/x' });
    other.on('GetRecords', () => success({ Records: [] }));
    const apart = openStreams(aws, connection, { streams_endpoint: other.endpoint });
    await fetchChanges(
      apart,
      { iterator: 'i' },
      { buffer: new PageBuffer(), records: new CompactRecords() },
      NO,
    );
    apart.close();
    await other.stop();
    expect(aws.requestsTo('GetRecords')).to.have.length(0);
  });

  for (const [exception, reason] of [
    ['ExpiredIteratorException', 'stale'],
    ['TrimmedDataAccessException', 'position lost'],
    ['ResourceNotFoundException', 'missing'],
    ['LimitExceededException', 'throttled'],
    ['AccessDeniedException', 'denied'],
    ['InternalServerError', 'unanswered'],
  ] as const) {
    it(`fail as ${reason} by ${exception}`, async () => {
      aws.on('GetRecords', () => awsError(exception, 'No.'));
      const error = await fetch().catch((thrown: unknown) => thrown);
      expect(streams.classify(error, 'dynamodb:GetRecords')).to.include({ reason });
    });
  }

  it('fail as damaged by a page that is none', async () => {
    aws.on('GetRecords', () => rawReply(200, '<html>Sign in</html>'));
    const error = await fetch().catch((thrown: unknown) => thrown);
    expect(error).to.include({ reason: 'damaged' });
  });
});
