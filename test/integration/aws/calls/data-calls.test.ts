import { expect } from 'chai';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { callPatiently } from '../../../../src/aws/calls/patient-call.ts';
import { describeTable } from '../../../../src/aws/dynamodb/tables.ts';
import { fetchScanPage } from '../../../../src/aws/dynamodb/scan-page.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import {
  awsError,
  rawReply,
  startFakeAws,
  success,
  wrongCrc,
  type FakeAws,
} from '../../../support/fake-aws.ts';
import { openConnection } from '../open-connection.ts';

const NO = new AbortController().signal;
const BODY = '"n":{"N":"';

// The fake verifies the signature of every request.
describe('data calls', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({
      tables: [numberedTable('orders', 100, 10), numberedTable('größe', 100, 10)],
    });
    connection = await openConnection(aws, {
      credentials: {
        auth_type: 'AssumeRole',
        access_key_id: aws.accessKeyId,
        secret_access_key: aws.secretAccessKey,
        role_arn: 'arn:aws:iam::123456789012:role/reader',
      },
      sts_endpoint: aws.endpoint,
    });
  });
  afterEach(() => {
    connection.close();
    return aws.stop();
  });

  async function fetchPage(table = 'orders', signal = NO): Promise<string> {
    const request = { table, segment: 0, totalSegments: 4, consistentRead: true };
    const page = await fetchScanPage(connection, request, new PageBuffer(), signal);
    return page.buffer.body.toString();
  }

  function scans(): number {
    return aws.requestsTo('Scan').length;
  }

  function sessions(): (string | undefined)[] {
    return aws.requestsTo('Scan').map(({ sessionToken }) => sessionToken);
  }

  it('are copies of a request that the SDK makes for each table, and does not send', async () => {
    const tables = ['orders', 'größe', 'orders', 'orders', 'größe'];
    await Promise.all(
      tables.map(async (table) => {
        expect(await fetchPage(table)).to.include(BODY);
      }),
    );
    expect(scans()).to.equal(tables.length);
    for (const { headers } of aws.requestsTo('Scan')) {
      expect(headers['user-agent']).to.match(/^aws-sdk-js\//);
      expect(headers).not.to.have.any.keys('amz-sdk-invocation-id', 'amz-sdk-request');
    }
  });

  for (const [name, reply] of [
    ['is throttled', awsError('ProvisionedThroughputExceededException', 'Slow down.')],
    ['fails', awsError('InternalServerError', 'Oops.', { status: 500 })],
    ['comes broken', wrongCrc(success({ Items: [] }))],
    ['is refused', awsError('ValidationException', 'No.')],
    ['is answered in HTML', rawReply(503, '<html>')],
  ] as const) {
    it(`are sent once when a page ${name}`, async () => {
      await fetchPage();
      aws.on('Scan', () => reply);
      expect(await fetchPage().catch((thrown: unknown) => thrown)).to.be.instanceOf(Error);
      expect(scans()).to.equal(2);
    });
  }

  it('are tried again after a twentieth of a second, whatever is no page', async () => {
    const html = rawReply(200, '<html>Sign in</html>');
    const fault = awsError('InternalServerError', 'Oops.', { status: 500 });
    for (const reply of [fault, html, success({}), rawReply(200, '{"Items":[')]) {
      const pauses: number[] = [];
      aws.once('Scan', () => reply);
      const page = await callPatiently(
        connection,
        { action: 'dynamodb:Scan', resource: 'orders' },
        { patienceMs: 60_000, signal: NO, onRetry: (_, pauseMs) => pauses.push(pauseMs) },
        () => fetchPage(),
      );
      expect(page).to.include(BODY);
      expect(pauses).to.have.length(1);
      expect(pauses[0]).to.be.within(25, 50);
    }
  });

  it('tell why they were throttled, wherever the answer says so', async () => {
    const reasons = [{ reason: 'TableReadKeyRangeThroughputExceeded', resource: 'arn' }];
    for (const [exception, member] of [
      ['ProvisionedThroughputExceededException', 'ThrottlingReasons'],
      ['ThrottlingException', 'throttlingReasons'],
    ] as const) {
      const body = { __type: `com.amazon.x#${exception}`, message: 'No', [member]: reasons };
      aws.once('Scan', () => rawReply(400, JSON.stringify(body)));
      const error = await fetchPage().catch((thrown: unknown) => thrown);
      expect(connection.classify(error, 'dynamodb:Scan')).to.include({
        reason: 'throttled',
        throttling: 'segment',
      });
    }
  });

  it('are signed with new credentials when the old ones have expired', async () => {
    await fetchPage();
    const [first] = sessions();
    aws.addPrincipal({
      accessKeyId: aws.requestsTo('Scan')[0]?.accessKeyId ?? '',
      arn: 'arn:aws:sts::123456789012:assumed-role/reader/x',
      expiresAt: 0,
      ...(first !== undefined && { sessionToken: first }),
    });
    expect(await fetchPage()).to.include(BODY);
    expect(await fetchPage()).to.include(BODY);
    const [, refused, renewed, last] = sessions();
    expect(refused).to.equal(first);
    expect(renewed).to.not.equal(first);
    expect(last).to.equal(renewed);
  });

  it('are dated by the clock of AWS, as control calls are', async () => {
    const hour = 3_600_000;
    const late = await startFakeAws({
      tables: [numberedTable('orders', 100, 10)],
      now: () => Date.now() + hour,
    });
    const behind = await openConnection(late);
    const describeIt = () => describeTable(behind, { name: 'orders', reference: 'orders' }, NO);
    const request = { table: 'orders', segment: 0, totalSegments: 4, consistentRead: true };
    // The first answer tells the time.
    await describeIt();
    await describeIt();
    await fetchScanPage(behind, request, new PageBuffer(), NO);
    behind.close();
    await late.stop();
    const toTime = (date: unknown): number =>
      Date.parse(String(date).replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
    for (const operation of ['DescribeTable', 'Scan']) {
      const date = toTime(late.requestsTo(operation).at(-1)?.headers['x-amz-date']);
      expect(date - Date.now()).to.be.within(hour - 60_000, hour + 1000);
    }
  });

  it('end with the reason of their signal', async () => {
    await fetchPage();
    const stop = new AbortController();
    aws.on('Scan', () => {
      stop.abort();
      return new Promise(() => undefined);
    });
    const error = await fetchPage('orders', stop.signal).catch((thrown: unknown) => thrown);
    expect(error).to.equal(stop.signal.reason);
    expect(scans()).to.equal(2);
  });
});
