import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

/** What a request to AWS takes from another continent, and more than it takes from nearby. */
const LATENCY_MS = 150;
const TABLES = 100;

describe('a check', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 10, 10)] });
  });
  afterEach(() => aws.stop());

  const withSts = () => engineConfig(aws, { sts_endpoint: aws.endpoint });
  const infos = (logs: readonly { level: string; message: string }[]) =>
    logs.flatMap(({ level, message }) => (level === 'INFO' ? [message] : [])).join('\n');

  async function timeCheck() {
    const startedAt = performance.now();
    const run = await runCommand('check', withSts());
    return { run, elapsedMs: performance.now() - startedAt };
  }

  it('says who it is and what it sees', async () => {
    const run = await runCommand('check', withSts());
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(infos(run.logs)).to.match(
      /^arn:aws:iam::123456789012:user\/x can read 1 table: orders \(about 10 items, \d+(\.\d)? KB\)\.$/m,
    );
  });

  it('tries one item of each table, with the consistency of a read, and samples it once', async () => {
    await runCommand('check', withSts());
    const [scan, ...others] = aws.requestsTo('Scan').map(({ input }) => input);
    expect(scan).to.deep.include({ Limit: 1, ConsistentRead: true });
    expect(others.map(({ Segment }) => Segment)).to.have.members([0, 1, 2, 3]);
    for (const { ConsistentRead } of others) expect(ConsistentRead).to.equal(false);
  });

  it('carries on where STS may not be asked', async () => {
    aws.deny({ operation: 'GetCallerIdentity', table: '*' });
    const run = await runCommand('check', withSts());
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(infos(run.logs)).to.include('This source can read 1 table');
  });

  it('asks no STS beside an endpoint that is not AWS', async () => {
    const run = await runCommand('check', engineConfig(aws));
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(aws.requestsTo('GetCallerIdentity')).to.deep.equal([]);
  });

  it('fails with every table that may not be scanned', async () => {
    aws.addTable(numberedTable('users', 10, 10));
    aws.deny({ operation: 'Scan', table: '*' });
    const run = await runCommand('check', withSts());
    expect(run.connectionStatus?.status).to.equal('FAILED');
    expect(run.connectionStatus?.message).to.include('orders').and.include('users');
    expect(run.exitCode).to.equal(0);
  });

  it(`takes less than 10 s for ${TABLES} tables that answer after ${LATENCY_MS} ms, without a warning`, async () => {
    for (let n = 1; n < TABLES; n++) aws.addTable(numberedTable(`table-${n}`, 1, 1));
    // The same without the latency: what this machine needs for it.
    const { elapsedMs: workMs } = await timeCheck();
    for (const operation of ['DescribeTable', 'Scan', 'ListTables', 'GetCallerIdentity']) {
      aws.slowDown(operation, LATENCY_MS);
    }
    const { run, elapsedMs } = await timeCheck();
    expect(elapsedMs - workMs).to.be.lessThan(10_000);
    expect(infos(run.logs)).to.include(`can read ${TABLES} tables`).and.include('80 more');
    expect(run.stderr).to.equal('');
  });
});
