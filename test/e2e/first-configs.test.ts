import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { CONNECTOR_PATH, connectorEnvironment, runConnector } from '../support/connector.ts';
import { startDynalite } from '../support/dynalite-engine.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import { createTable, putItems } from '../support/seed.ts';
import { makeTempDirectory, writeJson, writeText } from '../support/temp-files.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

/** What somebody tries in the first hour, with the one sentence that check then says. */
interface FailedTry {
  readonly name: string;
  readonly options: JsonObject;
  /** `ENDPOINT` in it stands for that of the engine. */
  readonly says: string;
}

const MISSING =
  'does not exist in us-east-1 at ENDPOINT, or it is still being created. Check "tables" and "region", and refresh the schema if the table is gone.';
const FILTER = { table: 'orders', filter_expression: 'n >>> :x' };

const FAILED: readonly FailedTry[] = [
  {
    name: 'a table of another name',
    options: { tables: ['oders'] },
    says: `The table oders ${MISSING}`,
  },
  {
    name: 'a table of another case',
    options: { tables: ['Orders'] },
    says: `The table Orders ${MISSING}`,
  },
  {
    name: 'two tables in one string',
    options: { tables: ['orders,customers'] },
    says: '"tables" contains "orders,customers", which is neither a table name (3 to 255 letters, digits, "_", "-" or "."), nor a table ARN, nor a glob ("*" and "?" in such a name).',
  },
  {
    name: 'a glob that matches nothing',
    options: { tables: ['ordx*'] },
    says: 'There is no table to read in us-east-1. Check "region", "tables" and "exclude_tables", and that the credentials belong to the right account.',
  },
  {
    name: 'tables as a string',
    options: { tables: 'orders' },
    says: 'The config is not valid: "tables" must be a list, like ["orders"].',
  },
  {
    name: 'numbers and booleans between quotes',
    options: { scan: { segments: '4', consistent_read: 'true' } },
    says: 'The config is not valid: "scan.segments" must be a whole number from 0 to 1,000,000, without quotes; "scan.consistent_read" must be true or false, without quotes.',
  },
  ...['US-EAST-1', 'Frankfurt'].map((region) => ({
    name: `the region ${region}`,
    options: { region },
    says: 'The config is not valid: "region" must look like us-east-1.',
  })),
  {
    name: 'a misspelt property',
    options: { table: ['orders'] },
    says: 'The config is not valid: "table" is not a property of this source (did you mean "tables"?).',
  },
  {
    name: 'an empty secret',
    options: { credentials: { auth_type: 'User', access_key_id: 'a', secret_access_key: '' } },
    says: 'The config is not valid: "credentials.secret_access_key" is missing.',
  },
  {
    name: 'a role without its ARN',
    options: {
      credentials: { auth_type: 'AssumeRole', access_key_id: 'a', secret_access_key: 'b' },
    },
    says: 'The config is not valid: "credentials.role_arn" is missing.',
  },
  {
    name: 'an endpoint without a scheme',
    options: { endpoint: 'localhost:8000' },
    says: '"endpoint" is not a URL: "localhost:8000". It must begin with http:// or https://, like http://localhost:8000.',
  },
  {
    name: 'a filter with a slip in its syntax',
    options: { table_options: [{ ...FILTER, expression_attribute_values: '{":x":{"N":"1"}}' }] },
    says: 'DynamoDB refused dynamodb:Scan on orders: Invalid FilterExpression: Syntax error; Expected "#", "(", ":", "_", or [a-zA-Z] but ">" found. Check the "table_options" of orders.',
  },
  {
    name: "a filter's values without their types",
    options: { table_options: [{ ...FILTER, expression_attribute_values: '{":x":1}' }] },
    says: '"table_options.0.expression_attribute_values" contains {":x":1}: values begin with ":" and are written in DynamoDB JSON with their type, like {":open":{"S":"OPEN"},":limit":{"N":"10"}}.',
  },
];

describe('a first config', () => {
  let engine: Engine;

  before(async () => {
    engine = await startDynalite();
    await createTable(engine, { name: 'orders', partitionKey: { name: 'pk', type: 'S' } });
    await putItems(engine, 'orders', [{ pk: { S: 'a' }, n: { N: '1' } }]);
  });
  after(() => engine.stop());

  for (const { name, options, says } of FAILED) {
    it(`is told of ${name}`, async () => {
      const run = await runCommand('check', engineConfig(engine, options));
      expect(run.exitCode).to.equal(0);
      expect(run.connectionStatus).to.deep.equal({
        status: 'FAILED',
        message: says.replace('ENDPOINT', engine.endpoint),
      });
    });
  }

  it('is told of https:// that is spoken to a server of http://', async () => {
    const endpoint = engine.endpoint.replace('http:', 'https:');
    const run = await runCommand('check', engineConfig(engine, { endpoint }));
    expect(run.connectionStatus?.message).to.match(
      /^The TLS connection to https:\/\/127\.0\.0\.1:\d+ failed \((EPROTO|ERR_SSL_\w+)\)\. Check that "endpoint" starts with the right scheme, http:\/\/ or https:\/\/; for a private certificate authority, name its root certificate in NODE_EXTRA_CA_CERTS\.$/,
    );
  });

  it('is told that there are no credentials in the environment, of each source why', async () => {
    const credentials = { auth_type: 'Role' };
    const run = await runCommand('check', engineConfig(engine, { credentials }));
    expect(run.connectionStatus?.message).to.match(
      /^No AWS credentials were found in the environment \(environment: .+; profile default: .+; web identity: .+\)\. Give the machine, container or pod a role, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose an access key in "credentials"\.$/,
    );
  });

  it('is told of a role that an access key does not assume', async () => {
    const role_arn = 'arn:aws:iam::123456789012:role/reader';
    const { credentials } = engineConfig(engine);
    const run = await runCommand('check', {
      ...engineConfig(engine),
      credentials: { ...(credentials as JsonObject), role_arn },
    });
    expect(run.connectionStatus?.status).to.equal('SUCCEEDED');
    expect(run.warnings).to.deep.equal([
      '"credentials.role_arn" in the config has no effect with "auth_type": "User".',
    ]);
  });

  it('is told where it is no JSON', async () => {
    const path = await writeText('{"region": "us-east-1",\n "tables": ["orders",]}');
    const run = await runConnector(['check', '--config', path]);
    expect(run.connectionStatus?.message).to.equal(
      `The config file ${path} is not JSON (line 2, column 21: there is an extra comma before the "]"). Correct it there.`,
    );
  });

  for (const [name, content] of [
    ['empty', ''],
    ['a list', '[]'],
  ] as const) {
    it(`is told that it is ${name}`, async () => {
      const run = await runConnector(['check', '--config', await writeText(content)]);
      expect(run.connectionStatus?.message).to.equal('The config must be a JSON object.');
    });
  }

  it('is looked for where the command runs', async () => {
    const run = await runConnector(['check', '--config', 'config.json'], {
      cwd: makeTempDirectory(),
    });
    expect(run.connectionStatus?.message).to.equal(
      'The config file config.json does not exist. Check the path; in a container, give the path inside it, and mount the folder.',
    );
  });

  describe('works', () => {
    const expectSuccess = ({ connectionStatus }: { readonly connectionStatus?: unknown }) => {
      expect(connectionStatus).to.deep.equal({ status: 'SUCCEEDED' });
    };

    it('with the mark of UTF-8 before it', async () => {
      const path = await writeText(`\uFEFF${JSON.stringify(engineConfig(engine))}`);
      expectSuccess(await runConnector(['check', '--config', path]));
    });

    for (const path of ['-', '/dev/stdin']) {
      it(`from ${path}`, async () => {
        const run = await runShell(`"$0" "$1" check --config ${path} < "$2"`);
        expect(run).to.include('"SUCCEEDED"');
      });
    }

    it("from a shell's process substitution", async () => {
      const run = await runShell('"$0" "$1" check --config <(cat "$2")');
      expect(run).to.include('"SUCCEEDED"');
    });

    it('with keys of the environment', async () => {
      const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
      const config = engineConfig(engine, { credentials: { auth_type: 'Role' } });
      expectSuccess(await runCommand('check', config, { env }));
    });

    it('with null for everything that is optional', async () => {
      const { spec } = await runConnector(['spec']);
      const properties = Object.keys(spec?.connectionSpecification.properties as JsonObject);
      expect(properties).to.include.members(['tables', 'scan', 'table_options']);
      const nulls = Object.fromEntries(properties.map((name) => [name, null]));
      expectSuccess(await runCommand('check', { ...nulls, ...engineConfig(engine) }));
    });

    it('with another region, which a local engine does not tell apart', async () => {
      expectSuccess(await runCommand('check', engineConfig(engine, { region: 'eu-west-1' })));
    });

    /** What a line of bash writes, with Node, the connector and a config as $0 to $2. */
    async function runShell(line: string): Promise<string> {
      const config = await writeJson(engineConfig(engine));
      const child = spawn('bash', ['-c', line, process.execPath, CONNECTOR_PATH, config], {
        env: connectorEnvironment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return text(child.stdout);
    }
  });
});
