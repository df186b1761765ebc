import { expect } from 'chai';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { fetchScanPage } from '../../../../src/aws/dynamodb/scan-page.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import { roleCredentials } from '../../../e2e/support/source-runs.ts';
import { awsError, startFakeAws, wrongCrc, type FakeAws } from '../../../support/fake-aws.ts';
import { openConnection } from '../open-connection.ts';

const NO = new AbortController().signal;
const BODY = '"n":{"N":"';

/** Of an HTTP request, who made it: only the SDK numbers its attempts. */
type Maker = 'SDK' | 'copy';

// The fake verifies the signature of every request.
describe('the requests for pages', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({
      tables: [numberedTable('orders', 100, 10), numberedTable('größe', 100, 10)],
    });
    connection = await openConnection(aws, {
      credentials: roleCredentials(aws),
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

  function makers(): Maker[] {
    return aws
      .requestsTo('Scan')
      .map(({ headers }) => (headers['amz-sdk-invocation-id'] === undefined ? 'copy' : 'SDK'));
  }

  function sessions(): (string | undefined)[] {
    return aws.requestsTo('Scan').map(({ sessionToken }) => sessionToken);
  }

  it('are made by the SDK once a table, and are copies then', async () => {
    for (const table of ['orders', 'orders', 'orders', 'größe', 'größe']) {
      expect(await fetchPage(table)).to.include(BODY);
    }
    expect(makers()).to.deep.equal(['SDK', 'copy', 'copy', 'SDK', 'copy']);
  });

  it('differ in nothing but what belongs to one request', async () => {
    await fetchPage();
    await fetchPage();
    const own = ['authorization', 'x-amz-date', 'amz-sdk-invocation-id', 'amz-sdk-request'];
    const [first, copy] = aws
      .requestsTo('Scan')
      .map(({ headers }) => Object.entries(headers).filter(([name]) => !own.includes(name)));
    expect(Object.fromEntries(copy ?? [])).to.deep.equal(Object.fromEntries(first ?? []));
    expect(aws.requestsTo('Scan')[1]?.input).to.deep.equal(aws.requestsTo('Scan')[0]?.input);
  });

  it('are left to the SDK when a copy is throttled, which counts as its first attempt', async () => {
    await fetchPage();
    aws.on('Scan', () => awsError('ProvisionedThroughputExceededException', 'Slow down.'));
    const error = await fetchPage().catch((thrown: unknown) => thrown);
    expect(error).to.include({ name: 'ProvisionedThroughputExceededException' });
    expect(makers()).to.deep.equal(['SDK', 'copy', 'SDK', 'SDK']);
  });

  it('are left to the SDK when a page comes broken, and are copies again then', async () => {
    await fetchPage();
    const scan = aws.handler('Scan');
    aws.once('Scan', async (input, request) => wrongCrc(await scan(input, request)));
    expect(await fetchPage()).to.include(BODY);
    expect(await fetchPage()).to.include(BODY);
    expect(makers()).to.deep.equal(['SDK', 'copy', 'SDK', 'copy']);
  });

  it('give the SDK back what it may spend on trying again, as its own do when they succeed', async () => {
    const budget = async (): Promise<number> => {
      const retries = (await connection.client.config.retryStrategy()) as unknown as {
        getCapacity(): number;
      };
      return retries.getCapacity();
    };
    await fetchPage();
    const full = await budget();
    for (let fault = 1; fault <= 2; fault++) {
      aws.once('Scan', () => awsError('InternalServerError', 'Oops.', { status: 500 }));
    }
    expect(await fetchPage()).to.include(BODY);
    const spent = await budget();
    expect(spent).to.be.below(full);
    for (let page = 1; page <= 3; page++) {
      expect(await fetchPage()).to.include(BODY);
      expect(await budget()).to.equal(spent + page);
    }
    expect(makers()).to.deep.equal(['SDK', 'copy', 'SDK', 'SDK', 'copy', 'copy', 'copy']);
  });

  it('are not sent again when a copy is refused for good', async () => {
    await fetchPage();
    aws.on('Scan', () => awsError('ValidationException', 'No.'));
    const error = await fetchPage().catch((thrown: unknown) => thrown);
    expect(error).to.include({ name: 'ValidationException', message: 'No.' });
    expect(makers()).to.deep.equal(['SDK', 'copy']);
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

  it('are dated by the clock of AWS when the SDK has learnt that it differs', async () => {
    await fetchPage();
    connection.client.config.systemClockOffset = 3_600_000;
    await fetchPage();
    const [first, copy] = aws.requestsTo('Scan').map(({ headers }) => headers['x-amz-date']);
    const toTime = (date: unknown): number =>
      Date.parse(String(date).replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
    expect(toTime(copy) - toTime(first)).to.be.within(3_600_000 - 1000, 3_600_000 + 60_000);
  });

  it('are not handed to the SDK when they were aborted', async () => {
    await fetchPage();
    const stop = new AbortController();
    aws.on('Scan', () => {
      stop.abort();
      return new Promise(() => undefined);
    });
    const error = await fetchPage('orders', stop.signal).catch((thrown: unknown) => thrown);
    expect(error).to.equal(stop.signal.reason);
    expect(makers()).to.deep.equal(['SDK', 'copy']);
  });
});
