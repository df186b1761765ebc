import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import {
  expectFailedCheck,
  expectFailedCommand,
  expectFailedStream,
  type ExpectedFailure,
} from './support/expect-failure.ts';
import { numberedCatalog, numberedStream, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

const config = (...says: readonly string[]): ExpectedFailure => ({
  failureType: 'config_error',
  says,
});

describe('a table among others that fails', () => {
  let aws: FakeAws;

  before(async () => {
    const tables = ['first', 'unscanned', 'third', 'undescribed'].map((name) =>
      numberedTable(name, 10, 10),
    );
    aws = await startFakeAws({ tables });
    aws.deny({ operation: 'Scan', table: 'unscanned' });
    aws.deny({ operation: 'DescribeTable', table: 'undescribed' });
  });
  after(() => aws.stop());

  it('is named with the other one in the error of discover', async () => {
    const run = await runCommand('discover', engineConfig(aws));
    expectFailedCommand(
      run,
      config(
        '2 tables cannot be read for lack of permission',
        'dynamodb:Scan on unscanned',
        'dynamodb:DescribeTable on undescribed',
        '"ignore_missing_read_permissions_tables"',
      ),
    );
  });

  it('is left out with a warning when missing permissions are ignored', async () => {
    const options = { ignore_missing_read_permissions_tables: true };
    const run = await runCommand('discover', engineConfig(aws, options));
    expect(run.exitCode).to.equal(0);
    expect(run.catalog?.streams.map((stream) => stream.name)).to.deep.equal(['first', 'third']);
    expect(run.warnings.join('\n'))
      .to.include('dynamodb:Scan on unscanned')
      .and.to.include('dynamodb:DescribeTable on undescribed');
    const check = await runCommand('check', engineConfig(aws, options));
    expect(check.connectionStatus?.status).to.equal('SUCCEEDED');
  });

  it('says that no table is left when all of them are denied and ignored', async () => {
    const options = {
      ignore_missing_read_permissions_tables: true,
      tables: ['undescribed', 'unscanned'],
    };
    const run = await runCommand('discover', engineConfig(aws, options));
    expectFailedCommand(run, config('There is no table to read'));
  });

  for (const ignore of [false, true]) {
    it(`fails that stream of a read alone, ${ignore ? 'also when' : 'unless'} ignored`, async () => {
      const options = { ignore_missing_read_permissions_tables: ignore };
      const names = ['first', 'unscanned', 'missing', 'third'];
      const streams = names.map((name) => numberedStream(name));
      const run = await read({ config: engineConfig(aws, options), catalog: { streams } });
      expect(run.exitCode).to.equal(1);
      expect(run.statuses('first').at(-1)).to.equal('COMPLETE');
      expect(run.statuses('unscanned').at(-1)).to.equal('INCOMPLETE');
      expect(run.statuses('missing').at(-1)).to.equal('INCOMPLETE');
      expect(run.statuses('third').at(-1)).to.equal('COMPLETE');
      expect(run.recordCount('third')).to.equal(10);
      const failed = run.errors.map((error) => error.stream_descriptor?.name);
      // The streams are read side by side.
      expect(failed).to.have.members(['unscanned', 'missing']);
    });
  }

  it('fails a stream that "tables" does not select, without touching its table', async () => {
    const before = aws.requests.length;
    const run = await read({
      config: engineConfig(aws, { tables: ['first'] }),
      catalog: numberedCatalog('third'),
    });
    expectFailedStream(run, 'third', config('does not select the table third', '"tables"'));
    expect(aws.requests.length).to.equal(before);
  });
});

describe('ListTables that is denied', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 10, 10)] });
    aws.deny({ operation: 'ListTables', table: '*' });
  });
  after(() => aws.stop());

  it('fails check and discover when no table is named', async () => {
    const expected = config('not allowed to call dynamodb:ListTables');
    expectFailedCheck(await runCommand('check', engineConfig(aws)), expected);
    expectFailedCommand(await runCommand('discover', engineConfig(aws)), expected);
  });

  it('is not asked for tables that are named, nor by a read', async () => {
    const named = engineConfig(aws, { tables: ['orders'] });
    expect((await runCommand('check', named)).connectionStatus?.status).to.equal('SUCCEEDED');
    const run = await read({ config: engineConfig(aws), catalog: numberedCatalog('orders') });
    expect(run.exitCode).to.equal(0);
    expect(run.recordCount('orders')).to.equal(10);
  });
});
