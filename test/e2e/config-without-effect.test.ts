import { expect } from 'chai';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { writeJson, writeText } from '../support/temp-files.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

const UNUSED = {
  tables: ['ord*', 'custmers-*'],
  exclude_tables: ['Orders', 'arn:aws:dynamodb:us-east-1:123456789012:table/tmp'],
  table_options: [{ table: 'users', segments: 1 }],
};
const NAMED = ['custmers-*', 'Orders', 'table/tmp', 'users'];

describe('what has no effect in a config', () => {
  let aws: FakeAws;

  before(async () => {
    const names = ['orders', 'card-data'];
    aws = await startFakeAws({ tables: names.map((name) => numberedTable(name, 1, 1)) });
  });
  after(() => aws.stop());

  for (const command of ['check', 'discover']) {
    it(`is named by ${command}: entries that match no table`, async () => {
      const run = await runCommand(command, engineConfig(aws, UNUSED));
      expect(run.exitCode).to.equal(0);
      expect(run.warnings).to.have.lengthOf(NAMED.length);
      for (const name of NAMED) expect(run.warnings.join('\n')).to.include(name);
    });
  }

  it('is named by catalog: entries that match no table', async () => {
    const config = await writeJson(engineConfig(aws, UNUSED));
    const run = await runConnector(['catalog', '--config', config], { stdout: 'text' });
    for (const name of NAMED) expect(run.stderr).to.include(name);
  });

  it('is named: a member that stands twice', async () => {
    const text = JSON.stringify(engineConfig(aws));
    const config = await writeText(text.replace('{', '{"region":"eu-west-1",'));
    const run = await runConnector(['check', '--config', config]);
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(run.warnings.join()).to.include('"region" appears more than once in the config');
  });

  it('is not read: a table whose ARN is excluded', async () => {
    const exclude = ['arn:aws:dynamodb:us-east-1:123456789012:table/card-data'];
    const run = await runCommand('discover', engineConfig(aws, { exclude_tables: exclude }));
    expect(run.catalog?.streams.map(({ name }) => name)).to.deep.equal(['orders']);
    expect(run.warnings).to.deep.equal([]);
  });

  it('stops a check when it is a slip: every table would be read', async () => {
    const run = await runCommand('check', engineConfig(aws, { table: ['orders'] }));
    expect(run.connectionStatus?.status).to.equal('FAILED');
    expect(run.connectionStatus?.message).to.include('did you mean "tables"?');
  });
});

describe("a config of Airbyte's own connector", () => {
  it('is checked and discovered as it is', async () => {
    const aws = await startFakeAws({ tables: [numberedTable('orders', 1, 1)] });
    const { credentials, ...config } = engineConfig(aws);
    const { access_key_id, secret_access_key } = credentials as JsonObject;
    const legacy = {
      ...config,
      region: '',
      credentials: { access_key_id, secret_access_key },
      reserved_attribute_names: 'name, field',
      ignore_missing_read_permissions_tables: false,
    };
    const env = { AWS_REGION: aws.region };
    const runs: readonly ConnectorRun[] = await Promise.all(
      ['check', 'discover'].map((command) => runCommand(command, legacy, { env })),
    );
    for (const run of runs) expect([run.exitCode, run.warnings]).to.deep.equal([0, []]);
    expect(runs[0]?.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(runs[1]?.catalog?.streams).to.have.lengthOf(1);
    const run = await runCommand('check', legacy);
    expect(run.connectionStatus?.message).to.include('"region" is missing, and AWS_REGION');
    await aws.stop();
  });
});
