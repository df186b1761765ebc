import { expect } from 'chai';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import {
  awsError,
  startFakeAws,
  type FakeAws,
  type FakeTableDefinition,
} from '../support/fake-aws.ts';
import { parseJsonObject, type JsonObject } from '../support/json.ts';
import { writeJson } from '../support/temp-files.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

const PACKED = '"record_format" to "packed"';

function tableOf(name: string, items: readonly JsonObject[]): FakeTableDefinition {
  const keyed = items.map((item, n) => JSON.stringify({ pk: { S: `k${n}` }, ...item }));
  return { name, partitionKey: { name: 'pk', type: 'S' }, items: keyed };
}

/** A table whose items have this many attributes each that no other item has. */
function tableOfDates(items: number, attributes: number): FakeTableDefinition {
  const names = Array.from({ length: attributes }, (_, n) => n);
  return tableOf(
    'visits',
    Array.from({ length: items }, (_, item) =>
      Object.fromEntries(names.map((n) => [`day#${item}#${n}`, { S: '' }])),
    ),
  );
}

describe('the columns that are discovered', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.stop());

  async function discover(options: JsonObject = {}): Promise<ConnectorRun> {
    const run = await runCommand('discover', engineConfig(aws, options));
    expect(run.exitCode, run.text).to.equal(0);
    return run;
  }

  async function check(options: JsonObject = {}): Promise<ConnectorRun> {
    const run = await runCommand('check', engineConfig(aws, options));
    expect(run.connectionStatus?.status, run.text).to.equal('SUCCEEDED');
    return run;
  }

  async function warningsOfCatalog(): Promise<string> {
    const args = ['catalog', '--config', await writeJson(engineConfig(aws))];
    const run = await runConnector(args, { stdout: 'text' });
    expect(run.exitCode, run.text).to.equal(0);
    expect(() => parseJsonObject(run.text)).to.not.throw();
    return run.stderr;
  }

  function columnsOf(run: ConnectorRun, stream = 0): readonly string[] {
    const { properties } = run.catalog?.streams[stream]?.json_schema ?? {};
    return Object.keys(properties as JsonObject);
  }

  it('are numbers until a hundred whole ones were seen, or all of them', async () => {
    const table = numberedTable('orders', 400, 1000);
    aws.addTable({ ...table, partitionKey: { name: 'n', type: 'N' } });
    const typeOf = async (size: number) => {
      const run = await discover({ discover_sample_size: size });
      const { properties } = run.catalog?.streams[0]?.json_schema ?? {};
      return ((properties as JsonObject).n as JsonObject).type;
    };
    expect(await typeOf(99)).to.equal('number');
    expect(await typeOf(100)).to.equal('integer');
    aws.addTable({ ...numberedTable('orders', 5, 5), partitionKey: { name: 'n', type: 'N' } });
    expect(await typeOf(1000)).to.equal('integer');
  });

  it('begin with the keys in what discover and catalog write', async () => {
    const items = ['{"pk":{"S":"a"},"5":{"S":"b"},"1":{"S":""},"2024":{"N":"1"},"0":{"S":""}}'];
    const keys = {
      partitionKey: { name: 'pk', type: 'S' },
      sortKey: { name: '5', type: 'S' },
    } as const;
    aws.addTable({ name: 'years', ...keys, items });
    const order = /"properties":\s*\{\s*"pk":[^]*"5":[^]*"0":[^]*"1":[^]*"2024":/;
    expect((await discover()).text).to.match(order);
    const args = ['catalog', '--config', await writeJson(engineConfig(aws))];
    expect((await runConnector(args, { stdout: 'text' })).text).to.match(order);
  });

  it('are a thousand at most, and discover, catalog and check say of how many', async () => {
    aws.addTable(tableOfDates(150, 10));
    const run = await discover();
    expect(columnsOf(run)).to.have.length(1000).and.to.include('pk');
    for (const said of [
      run.warnings.join('\n'),
      (await check()).warnings.join('\n'),
      await warningsOfCatalog(),
    ]) {
      expect(said).to.match(/visits: .*1,501 different attributes/);
      expect(said).to.include(PACKED).and.to.include('"projection"');
    }
  });

  it('are not warned of up to a thousand, nor when records are packed', async () => {
    aws.addTable(tableOfDates(111, 9));
    expect(columnsOf(await discover())).to.have.length(1000);
    expect((await discover()).warnings).to.deep.equal([]);
    aws.addTable(tableOfDates(200, 9));
    for (const run of [discover, check]) {
      expect((await run({ record_format: 'packed' })).warnings).to.deep.equal([]);
    }
    expect(aws.requestsTo('Scan').at(-1)?.input.Limit).to.equal(1);
  });

  it('are sampled by check with one page of each segment, and not at all for a sample of none', async () => {
    aws.addTable({ ...tableOfDates(400, 9), pageSize: 30 });
    const { warnings } = await check();
    expect(warnings.join('\n')).to.include('1,081 different attributes');
    expect(aws.requestsTo('Scan')).to.have.length(5);
    await check({ discover_sample_size: 0 });
    expect(aws.requestsTo('Scan')).to.have.length(6);
  });

  it('keep no check from succeeding when the sample of it is throttled', async () => {
    aws.addTable(tableOfDates(200, 9));
    const scan = aws.handler('Scan');
    aws.on('Scan', (input, request) =>
      input.Limit === 1 ? scan(input, request) : awsError('ThrottlingException', 'Slow down.'),
    );
    expect((await check()).warnings).to.deep.equal([]);
  });

  it('are named where destinations do not tell them apart, by discover, catalog and check', async () => {
    const names = ['Status', 'status', 'user-name', 'user_name', 'user.name', '_airbyte_raw_id'];
    aws.addTable(tableOf('orders', [Object.fromEntries(names.map((name) => [name, { S: '' }]))]));
    aws.addTable(tableOf('users', [{ name: { S: '' }, names: { S: '' } }]));
    const expected =
      '"_airbyte_raw_id" = an Airbyte column, "Status" = "status", "user-name" = "user.name" = "user_name"';
    for (const { warnings } of [await discover(), await check()]) {
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/^orders: /);
      expect(warnings[0]).to.include(expected).and.to.include(PACKED);
    }
    expect(await warningsOfCatalog()).to.include(expected);
    expect((await discover({ record_format: 'packed' })).warnings).to.deep.equal([]);
  });

  it('are compared with the keys, and with "data" when records are packed', async () => {
    const items = ['{"Data":{"S":"a"},"data":{"S":"b"}}'];
    aws.addTable({ name: 'odd', partitionKey: { name: 'Data', type: 'S' }, items });
    for (const record_format of ['columns', 'packed']) {
      const { warnings } = await discover({ record_format });
      expect(warnings.join('\n')).to.include('"Data" = "data"');
    }
  });

  it('are found to collide though no item has both', async () => {
    aws.addTable(tableOf('orders', [{ Status: { S: '' } }, { STATUS: { S: '' } }]));
    for (const { warnings } of [await discover(), await check()]) {
      expect(warnings.join('\n')).to.include('"STATUS" = "Status"');
    }
  });

  it('that have numbers beyond 15 digits or 64 bits are named in one line', async () => {
    const items = [
      { id: { N: '12345678901234567' }, price: { N: '19.99' } },
      { total: { N: '1E+30' }, map: { M: { deep: { L: [{ N: '-9300000000000000000' }] } } } },
    ];
    aws.addTable(tableOf('orders', items));
    const told = ({ logs }: ConnectorRun) =>
      logs.filter(({ message }) => message.includes('15 digits')).map(({ message }) => message);
    const [line, ...others] = told(await discover());
    expect(others).to.deep.equal([]);
    expect(line).to.match(
      /^orders: 3 attributes .*"id", "map", "total"\..*"number_values" to "string"/,
    );
    expect(await warningsOfCatalog()).to.include('"id", "map", "total"');
    expect(told(await discover({ number_values: 'string' }))).to.deep.equal([]);
  });
});
