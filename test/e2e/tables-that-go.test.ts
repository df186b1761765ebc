import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { writeJson } from '../support/temp-files.ts';
import {
  expectFailedCheck,
  expectFailedCommand,
  expectFailedStream,
  type ExpectedFailure,
} from './support/expect-failure.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

const ABSENT_STATUSES = [
  ...['CREATING', 'DELETING', 'ARCHIVING', 'ARCHIVED'],
  'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
];
const GONE = ['ResourceNotFoundException', 'Requested resource not found'] as const;
const IN_USE = ['ResourceInUseException', 'Table is archived: ghost'] as const;

describe('a table that cannot be read any more, or not yet', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    const tables = ['alpha', 'ghost', 'omega'].map((name) => numberedTable(name, 2, 2));
    aws = await startFakeAws({ tables });
  });
  afterEach(() => aws.stop());

  function failGhost(operation: string, [name, message]: typeof GONE | typeof IN_USE): void {
    const answer = aws.handler(operation);
    aws.on(operation, (input, request) =>
      input.TableName === 'ghost' ? awsError(name, message) : answer(input, request),
    );
  }

  function setStatus(TableStatus: string): void {
    aws.addTable({ ...numberedTable('ghost', 2, 2), description: { TableStatus } });
  }

  /** Every command that looks at all tables goes on without it, and says so. */
  async function expectLeftOut(options: JsonObject = {}): Promise<void> {
    const config = engineConfig(aws, options);
    const discovered = await runCommand('discover', config);
    expect(discovered.exitCode, discovered.text).to.equal(0);
    const names = discovered.catalog?.streams.map(({ name }) => name);
    expect(names).to.deep.equal(['alpha', 'omega']);
    expect(discovered.warnings).to.have.length(1);
    expect(discovered.warnings[0]).to.match(/^The table ghost is left out: /);
    const checked = await runCommand('check', config);
    expect(checked.connectionStatus?.status, checked.text).to.equal('SUCCEEDED');
    expect(checked.warnings.join('\n')).to.include('ghost is left out');
    const args = ['catalog', '--config', await writeJson(config)];
    const written = await runConnector(args, { stdout: 'text' });
    expect(written.exitCode, written.text).to.equal(0);
    expect(written.text).to.not.include('ghost');
    expect(written.stderr).to.include('ghost is left out');
  }

  async function expectRejected(says: ExpectedFailure['says']): Promise<void> {
    const config = engineConfig(aws, { tables: ['alpha', 'ghost', 'g*'] });
    const expected = { failureType: 'config_error', says } as const;
    expectFailedCommand(await runCommand('discover', config), expected);
    expectFailedCheck(await runCommand('check', config), expected);
  }

  for (const [operation, error] of [
    ['DescribeTable', GONE],
    ['Scan', GONE],
    ['Scan', IN_USE],
  ] as const) {
    const title = `${operation} answers ${error[0]}`;
    it(`is left out when ${title}, unless it is named`, async () => {
      failGhost(operation, error);
      await expectLeftOut();
      await expectLeftOut({ tables: ['alpha', 'omega', 'gh*'] });
      await expectRejected(['ghost']);
    });
  }

  for (const status of ABSENT_STATUSES) {
    it(`is left out when it is ${status}, unless it is named`, async () => {
      setStatus(status);
      failGhost('Scan', IN_USE);
      await expectLeftOut();
      await expectRejected(['The table ghost cannot be read', `(${status})`, '"tables"']);
    });
  }

  it('is left out of an estimate', async () => {
    failGhost('DescribeTable', GONE);
    const args = ['estimate', '--json', '--config', await writeJson(engineConfig(aws))];
    const run = await runConnector(args, { stdout: 'text' });
    expect(run.exitCode, run.text).to.equal(0);
    expect(run.text).to.include('omega').and.to.not.include('ghost');
    expect(run.stderr).to.include('ghost is left out');
  });

  it('leaves no table when it was the only one', async () => {
    for (const name of ['alpha', 'omega']) aws.removeTable(name);
    setStatus('ARCHIVED');
    const run = await runCommand('discover', engineConfig(aws));
    expectFailedCommand(run, { failureType: 'config_error', says: ['There is no table to read'] });
  });

  for (const status of ['ACTIVE', 'UPDATING', 'REPLICATION_NOT_AUTHORIZED']) {
    it(`is not one that is ${status}`, async () => {
      setStatus(status);
      const run = await runCommand('discover', engineConfig(aws));
      expect(run.catalog?.streams).to.have.length(3);
      expect(run.warnings).to.deep.equal([]);
    });
  }

  it('fails its stream of a read, and is no defect of the connector', async () => {
    failGhost('Scan', IN_USE);
    const run = await read({ config: engineConfig(aws), catalog: numberedCatalog('ghost') });
    const says = ['ghost', 'Table is archived'];
    expectFailedStream(run, 'ghost', { failureType: 'config_error', says });
  });
});

describe('tables whose names destinations do not tell apart', () => {
  let aws: FakeAws;

  before(async () => {
    const names = ['Orders', 'orders', 'user-events', 'user.events', 'users'];
    aws = await startFakeAws({ tables: names.map((name) => numberedTable(name, 2, 2)) });
  });
  after(() => aws.stop());

  for (const command of ['discover', 'check']) {
    it(`are named in one warning of ${command}`, async () => {
      const run = await runCommand(command, engineConfig(aws));
      expect(run.warnings).to.have.length(1);
      expect(run.warnings[0]).to.include('"Orders" = "orders", "user-events" = "user.events"');
    });
  }

  it('are not warned of when only one is selected', async () => {
    const options = { tables: ['Orders', 'users', 'user-*'] };
    const run = await runCommand('discover', engineConfig(aws, options));
    expect(run.warnings).to.deep.equal([]);
  });
});

describe('a table that is denied', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({ tables: ['orders', 'users'].map((n) => numberedTable(n, 2, 2)) });
    aws.deny({ operation: '*', table: 'orders' });
  });
  after(() => aws.stop());

  const tables = ['*', 'arn:aws:dynamodb:us-east-1:123456789012:table/orders'];

  it('is told of once, though an ARN and a glob choose it', async () => {
    const options = { tables, ignore_missing_read_permissions_tables: true };
    const run = await runCommand('discover', engineConfig(aws, options));
    expect(run.warnings.filter((line) => line.includes('orders'))).to.have.length(1);
    expect(run.catalog?.streams.map(({ name }) => name)).to.deep.equal(['users']);
  });

  it('is named once in the error', async () => {
    const run = await runCommand('discover', engineConfig(aws, { tables }));
    expect(run.errors).to.have.length(1);
    expect(run.errors[0]?.message.match(/not allowed to call/g)).to.have.length(1);
  });
});
