import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';
import { startFakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { tempDirectory, writeText } from '../support/temp-files.ts';
import {
  expectFailedCheck,
  expectFailedCommand,
  expectNoSecrets,
} from './support/expect-failure.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const USER = {
  auth_type: 'User',
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  secret_access_key: SECRET,
};
const ENDPOINT = 'http://127.0.0.1:1';

interface Case {
  readonly name: string;
  /** Text of the config file; an object is written as JSON. */
  readonly config: string | JsonObject;
  readonly says: readonly string[];
}

const valid = (options: JsonObject): JsonObject => ({
  ...{ region: 'us-east-1', endpoint: ENDPOINT, credentials: USER },
  ...options,
});

const CASES: readonly Case[] = [
  {
    name: 'is not JSON',
    config: `{"credentials": {"secret_access_key": "${SECRET}", `,
    says: ['is not JSON'],
  },
  { name: 'is empty', config: '', says: ['The config must be a JSON object'] },
  { name: 'is null', config: 'null', says: ['The config must be a JSON object'] },
  { name: 'is an array', config: '[]', says: ['The config must be a JSON object'] },
  { name: 'is text', config: `"${SECRET}"`, says: ['The config must be a JSON object'] },
  { name: 'has no members', config: {}, says: ['"region" is missing', '"credentials" is missing'] },
  {
    name: 'is a catalog',
    config: { streams: [] },
    says: ['The config is a catalog', '--config'],
  },
  {
    name: 'is what discover prints',
    config: { type: 'CATALOG', catalog: { streams: [] } },
    says: ['The config is a catalog', '--config'],
  },
  {
    name: 'is a state',
    config: { type: 'STATE', state: { type: 'STREAM', stream: {} } },
    says: ['The config is a state', '--state'],
  },
  {
    name: 'has a misspelt property',
    config: valid({ Tables: ['orders'], credentials: { ...USER, sesion_token: SECRET } }),
    says: ['(did you mean "tables"?)', '(did you mean "credentials.session_token"?)'],
  },
  {
    name: 'has numbers and booleans in quotes',
    config: valid({ scan: { segments: '4', consistent_read: 'false' } }),
    says: [
      '"scan.segments" must be a whole number from 0 to 1,000,000, without quotes',
      '"scan.consistent_read" must be true or false, without quotes',
    ],
  },
  {
    name: 'excludes a table that cannot be one',
    config: valid({ exclude_tables: ['card-%'] }),
    says: ['"exclude_tables" contains "card-%"', 'nor a glob'],
  },
  {
    name: 'has credentials that are no object',
    config: valid({ credentials: [SECRET] }),
    says: ['"credentials"', 'object'],
  },
  {
    name: 'has credentials without auth_type',
    config: valid({ credentials: { secret_access_key: SECRET } }),
    says: ['"credentials.access_key_id" is missing'],
  },
  {
    name: 'has an unknown auth_type',
    config: valid({ credentials: { ...USER, auth_type: 'Root' } }),
    says: ['"credentials.auth_type"', '"User", "Role" or "AssumeRole"'],
  },
  {
    name: 'lacks every member of AssumeRole',
    config: valid({ credentials: { auth_type: 'AssumeRole' } }),
    says: [
      '"credentials.access_key_id" is missing',
      '"credentials.secret_access_key" is missing',
      '"credentials.role_arn" is missing',
    ],
  },
  {
    name: 'has a blank secret',
    config: valid({ credentials: { ...USER, secret_access_key: '  ' } }),
    says: ['"credentials.secret_access_key" is missing'],
  },
  {
    name: 'has a role that is no ARN',
    config: valid({ credentials: { ...USER, auth_type: 'AssumeRole', role_arn: 'reader' } }),
    says: ['"credentials.role_arn"'],
  },
  {
    name: 'has many members of wrong types',
    config: valid({
      region: 'Mars',
      tables: 'orders',
      exclude_tables: [1],
      ignore_missing_read_permissions_tables: 'yes',
      discover_sample_size: -1,
      record_format: 'rows',
      nested_values: true,
      number_values: 'float',
      unlisted_attributes: 'keep',
      scan: { segments: 'four', page_size: 0, consistent_read: 1 },
      checkpoint_target_interval_seconds: 1.5,
      use_fips_endpoint: 'no',
    }),
    says: [
      ...['"region"', '"tables"', '"exclude_tables.0"', '"ignore_missing_read_permissions_tables"'],
      ...[
        '"discover_sample_size"',
        '"record_format" must be "columns" or "packed"',
        '"nested_values"',
      ],
      ...['"number_values"', '"unlisted_attributes"', '"scan.segments"', '"scan.page_size"'],
      ...['"scan.consistent_read"', '"checkpoint_target_interval_seconds"', '"use_fips_endpoint"'],
    ],
  },
  {
    name: 'has FIPS and an endpoint',
    config: valid({ use_fips_endpoint: true }),
    says: ['"use_fips_endpoint"', '"endpoint"'],
  },
  {
    name: 'has dual-stack and an endpoint',
    config: valid({ use_dualstack_endpoint: true }),
    says: ['"use_dualstack_endpoint"', '"endpoint"'],
  },
  {
    name: 'has an endpoint that is no URL',
    config: valid({ endpoint: 'localhost:8000' }),
    says: ['"endpoint"', 'localhost:8000', 'http://'],
  },
  {
    name: 'has an STS endpoint that is no URL',
    config: valid({ sts_endpoint: 'sts' }),
    says: ['"sts_endpoint"'],
  },
  {
    name: 'names a table that cannot be one',
    config: valid({ tables: ['orders 2024'] }),
    says: ['"tables"', 'orders 2024'],
  },
  {
    name: 'names a table of another region',
    config: valid({ tables: ['arn:aws:dynamodb:eu-west-1:123456789012:table/orders'] }),
    says: ['eu-west-1', '"region"'],
  },
  {
    name: 'names two tables that would be one stream',
    config: valid({ tables: ['orders', 'arn:aws:dynamodb:us-east-1:123456789012:table/orders'] }),
    says: ['two tables named orders'],
  },
];

describe('a config that', () => {
  for (const { name, config, says } of CASES) {
    it(`${name} is named by check, discover and read`, async () => {
      const path = await writeText(typeof config === 'string' ? config : JSON.stringify(config));
      const catalog = await writeText(JSON.stringify(numberedCatalog('t')));
      const [check, discover, read] = await Promise.all([
        runConnector(['check', '--config', path]),
        runConnector(['discover', '--config', path]),
        runConnector(['read', '--config', path, '--catalog', catalog]),
      ]);
      const expected = { failureType: 'config_error', says } as const;
      expectFailedCheck(check, expected);
      expectFailedCommand(discover, expected);
      expectFailedCommand(read, expected);
      for (const run of [check, discover, read]) expectNoSecrets(run, [SECRET]);
    });
  }

  it('does not exist is named by check, discover and read', async () => {
    const path = `${tempDirectory()}/nowhere.json`;
    const expected = { failureType: 'config_error', says: [path, 'does not exist'] } as const;
    expectFailedCheck(await runConnector(['check', '--config', path]), expected);
    expectFailedCommand(await runConnector(['discover', '--config', path]), expected);
  });

  it('has properties that nobody knows is accepted', async () => {
    const aws = await startFakeAws({ tables: [numberedTable('orders', 1, 1)] });
    const options = { reserved_attribute_names: 'name,field', from_the_future: [1] };
    const run = await runCommand('check', engineConfig(aws, options));
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    await aws.stop();
  });
});
