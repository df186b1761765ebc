import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { numberedStream, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read, startRead } from './support/source-runs.ts';

const ITEM_COUNT = 5000;
const ESCAPE = '\u001B';
/** More failures in a row than the SDK waits out by itself. */
const LONG_TROUBLE = 8;

describe('the log of a read', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    const tables = [numberedTable('orders', ITEM_COUNT, 100), numberedTable('users', 10, 100)];
    aws = await startFakeAws({ tables });
  });
  afterEach(() => aws.stop());

  function input(...streams: readonly string[]) {
    return {
      config: engineConfig(aws, { scan: { segments: 1 } }),
      catalog: { streams: streams.map((name) => numberedStream(name)) },
    };
  }

  it('ends with a table of the streams', async () => {
    const run = await read(input('orders', 'users'));
    const [sentence, headings, ...rows] = closingTable(run);
    expect(sentence).to.match(/^Read 2 streams in \d+\.\d s: 2 complete\.$/);
    expect(headings?.split(/ {2,}/)).to.deep.equal([
      ...['stream', 'records', 'size', 'read units', 'duration', 'throttles', 'retries'],
      ...['output wait', 'outcome'],
    ]);
    const cells = rows.map((row) => row.split(/ {2,}/));
    expect(cells.map(([name, records]) => [name, records])).to.deep.equal([
      ['orders', '5,000'],
      ['users', '10'],
      ['all streams', '5,010'],
    ]);
    expect(cells.map((row) => row.at(-1)).slice(0, 2)).to.deep.equal(['complete', 'complete']);
    expect(new Set(rows.slice(0, 2).map((row) => row.indexOf('complete'))).size).to.equal(1);
  });

  it('says in the table which stream failed', async () => {
    aws.deny({ operation: 'Scan', table: 'orders' });
    const run = await read(input('orders', 'users'));
    expect(run.exitCode).to.equal(1);
    const [sentence, , orders, users] = closingTable(run);
    expect(sentence).to.match(/: 1 complete, 1 failed\.$/);
    expect(orders).to.match(/^orders +0 .* failed$/);
    expect(users).to.match(/^users +10 .* complete$/);
  });

  it('has the table of a read that was told to stop', async () => {
    const { config, catalog } = input('orders', 'users');
    const running = await startRead({ config: { ...config, concurrent_streams: 1 }, catalog });
    await running.waitFor((message) => message.type === 'RECORD');
    running.kill('SIGTERM');
    const run = await running.done;
    const [sentence, , orders, ...others] = closingTable(run);
    expect(sentence).to.match(/^Read 1 stream in \d+\.\d s: 1 stopped\.$/);
    expect(orders).to.match(/^orders .* stopped$/);
    expect(others).to.deep.equal([]);
    expect(Number(orders?.split(/ {2,}/)[1]?.replaceAll(',', ''))).to.equal(numbersIn(run).length);
  });

  it('counts throttles apart from other retries', async () => {
    for (let i = 0; i < LONG_TROUBLE; i++) {
      aws.once('Scan', () => awsError('ProvisionedThroughputExceededException', 'slow down'));
    }
    const throttled = closingTable(await read(input('users')))[2]?.split(/ {2,}/);
    expect(Number(throttled?.[5])).to.be.above(0);
    expect(Number(throttled?.[6])).to.equal(0);
    for (let i = 0; i < LONG_TROUBLE; i++) {
      aws.once('Scan', () => awsError('InternalServerError', 'oops', { status: 500 }));
    }
    const retried = closingTable(await read(input('users')))[2]?.split(/ {2,}/);
    expect(Number(retried?.[5])).to.equal(0);
    expect(Number(retried?.[6])).to.be.above(0);
  });

  it('leaves stderr alone', async () => {
    const run = await read(input('users'));
    expect(run.stderr).to.not.include('users');
    expect(run.stderr).to.not.include(ESCAPE);
  });
});

/** The lines from `Read N streams` on, all of level INFO. */
function closingTable({ logs }: ConnectorRun): readonly string[] {
  const start = logs.findIndex(({ message }) => /^Read \d+ streams? in /.test(message));
  const lines = start < 0 ? [] : logs.slice(start);
  expect(lines.map(({ level }) => level)).to.deep.equal(lines.map(() => 'INFO'));
  return lines.map(({ message }) => message);
}
