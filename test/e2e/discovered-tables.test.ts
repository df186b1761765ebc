import { expect } from 'chai';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { expectFailedCommand } from './support/expect-failure.ts';
import { numberedTable, numbersIn } from './support/numbered-table.ts';
import { discover, engineConfig, read, runCommand } from './support/source-runs.ts';

const THEIR_ARN = 'arn:aws:dynamodb:us-east-1:999999999999:table/theirs';
const ODD_TABLES = [
  ...['orders.2024', 'a.b-c_d', '...', '---', '___', 'select', 'null', '123', 'Case', 'case'],
  'n'.repeat(255),
];

describe('the tables that are discovered', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.stop());

  function addTables(...names: readonly string[]): void {
    for (const name of names) aws.addTable(numberedTable(name, 3, 2));
  }

  async function discoveredNames(options: JsonObject = {}): Promise<readonly string[]> {
    const run = await runCommand('discover', engineConfig(aws, options));
    expect(run.exitCode, run.text).to.equal(0);
    return (run.catalog?.streams ?? []).map((stream) => stream.name);
  }

  it('are all 105 of them, ordered by name', async () => {
    const names = Array.from({ length: 105 }, (_, n) => `table-${String(n).padStart(3, '0')}`);
    addTables(...[...names].reverse());
    expect(await discoveredNames()).to.deep.equal(names);
    expect(aws.requestsTo('ListTables').length).to.equal(2);
    const check = await runCommand('check', engineConfig(aws));
    expect(check.connectionStatus?.status).to.equal('SUCCEEDED');
  });

  it('may have any name that DynamoDB allows, and are read by it', async () => {
    addTables(...ODD_TABLES);
    expect(await discoveredNames()).to.have.members(ODD_TABLES);
    const config = engineConfig(aws);
    const run = await read({ config, catalog: await discover(config) });
    expect(run.exitCode).to.equal(0);
    for (const name of ODD_TABLES) expect(run.recordCount(name), name).to.equal(3);
  });

  it('are those named, without ListTables', async () => {
    addTables('orders', 'users', 'events');
    expect(await discoveredNames({ tables: ['users', 'orders'] })).to.deep.equal([
      'orders',
      'users',
    ]);
    expect(aws.requestsTo('ListTables')).to.deep.equal([]);
    const described = aws.requestsTo('DescribeTable').map((request) => request.input.TableName);
    expect(described).to.not.include('events');
  });

  it("are also another account's, by ARN", async () => {
    addTables('orders');
    aws.addTable({ ...numberedTable('theirs', 5, 2), arn: THEIR_ARN });
    const config = engineConfig(aws, { tables: ['orders', THEIR_ARN] });
    expect(await discoveredNames({ tables: ['orders', THEIR_ARN] })).to.deep.equal([
      'orders',
      'theirs',
    ]);
    expect(aws.requestsTo('ListTables')).to.deep.equal([]);
    const run = await read({ config, catalog: await discover(config, { streams: ['theirs'] }) });
    expect(run.exitCode, run.text).to.equal(0);
    expect(numbersIn(run)).to.have.members([0, 1, 2, 3, 4]);
    expect(aws.requestsTo('Scan').at(-1)?.input.TableName).to.equal(THEIR_ARN);
  });

  it('are one each, though an ARN and a glob choose the same', async () => {
    addTables('orders', 'users');
    const arn = `arn:aws:dynamodb:us-east-1:123456789012:table/orders`;
    const options = { tables: ['*', arn] };
    expect(await discoveredNames(options)).to.deep.equal(['orders', 'users']);
    const check = await runCommand('check', engineConfig(aws, options));
    expect(check.connectionStatus?.status, check.text).to.equal('SUCCEEDED');
  });

  it('are not waited for when one of them fails for good', async () => {
    addTables('busy');
    const describe = aws.handler('DescribeTable');
    aws.on('DescribeTable', (input, request) =>
      input.TableName === 'busy'
        ? awsError('InternalServerError', 'Busy.', { status: 500 })
        : describe(input, request),
    );
    const run = await runCommand('discover', engineConfig(aws, { tables: ['busy', 'ghost'] }));
    expectFailedCommand(run, { failureType: 'config_error', says: ['ghost'] });
    const busy = aws.requestsTo('DescribeTable').filter(({ input }) => input.TableName === 'busy');
    // The SDK's own attempts, and perhaps those after a first pause; a patience of half a minute makes more.
    expect(busy.length).to.be.within(1, 6);
  });

  for (const [tables, exclude, expected] of [
    [['orders-*'], [], ['orders-eu', 'orders-us', 'orders-us-2']],
    [['orders-??'], [], ['orders-eu', 'orders-us']],
    [['*'], ['orders*', 'Users'], ['users']],
    [[], ['*s-*'], ['Users', 'users']],
    [['users', '*-2'], [], ['orders-us-2', 'users']],
    [['USERS', 'Users'], ['USERS'], ['Users']],
    [['users', 'users', 'u*s'], [], ['users']],
  ] as const) {
    const title = `${JSON.stringify(tables)} without ${JSON.stringify(exclude)}`;
    it(`are by globs, whole names and case heeded: ${title}`, async () => {
      addTables('orders-eu', 'orders-us', 'orders-us-2', 'users', 'Users');
      const options = { tables: [...tables], exclude_tables: [...exclude] };
      expect(await discoveredNames(options)).to.deep.equal(expected);
    });
  }

  it('are none when nothing matches, which is an error', async () => {
    addTables('orders');
    const run = await runCommand('discover', engineConfig(aws, { tables: ['users-*'] }));
    const says = ['There is no table to read in us-east-1', '"tables"'];
    expectFailedCommand(run, { failureType: 'config_error', says });
  });

  it('are without those that are being made or deleted, with a warning', async () => {
    addTables('orders');
    for (const TableStatus of ['CREATING', 'DELETING']) {
      const name = TableStatus.toLowerCase();
      aws.addTable({ ...numberedTable(name, 0, 1), description: { TableStatus } });
    }
    const run = await runCommand('discover', engineConfig(aws));
    expect(run.catalog?.streams.map((stream) => stream.name)).to.deep.equal(['orders']);
    expect(run.warnings.join('\n')).to.include('creating').and.to.include('deleting');
  });
});
