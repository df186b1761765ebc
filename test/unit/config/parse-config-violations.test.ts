import { expect } from 'chai';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { ConfigError } from '../../../src/errors.ts';

const USER = { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'topsecret' };
const ASSUME_ROLE = {
  ...USER,
  auth_type: 'AssumeRole',
  role_arn: 'arn:aws:iam::123456789012:role/r',
};
const MINIMUM = { region: 'us-east-1', credentials: USER };

function messageOf(input: unknown): string {
  try {
    parseConfig(input);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'no error';
}

describe('an invalid config', () => {
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['region', { region: undefined }, /"region" is missing/],
    ['region', { region: ' ' }, /"region" is missing/],
    ['region', { region: 'Frankfurt' }, /"region" must look like us-east-1/],
    ['region', { region: 5 }, /"region" must be text in quotes/],
    ['credentials', { credentials: undefined }, /"credentials" is missing/],
    ['credentials', { credentials: 'AKIA' }, /"credentials" must be an object/],
    [
      'auth_type',
      { credentials: { auth_type: 'user' } },
      /"credentials.auth_type" must be "User", "Role" or "AssumeRole"/,
    ],
    [
      'key',
      { credentials: { auth_type: 'User' } },
      /"credentials.access_key_id" is missing; "cred/,
    ],
    [
      'secret',
      { credentials: { ...USER, secret_access_key: '' } },
      /"credentials.secret_access_key" is missing/,
    ],
    [
      'role_arn',
      { credentials: { ...USER, auth_type: 'AssumeRole' } },
      /"credentials.role_arn" is missing/,
    ],
    [
      'role_arn',
      { credentials: { ...ASSUME_ROLE, role_arn: 'reader' } },
      /"credentials.role_arn" must look like arn:aws:iam::123456789012:role\/NAME/,
    ],
    [
      'role_session_name',
      { credentials: { ...ASSUME_ROLE, role_session_name: 'a b' } },
      /"credentials.role_session_name" must look like airbyte-source-dynamodb/,
    ],
    [
      'role_session_duration_seconds',
      { credentials: { ...ASSUME_ROLE, role_session_duration_seconds: 899 } },
      /"credentials.role_session_duration_seconds" must be a whole number from 900 to 43,200/,
    ],
    [
      'role_session_duration_seconds',
      { credentials: { ...ASSUME_ROLE, role_session_duration_seconds: 43_201 } },
      /"credentials.role_session_duration_seconds" must be a whole number from 900 to 43,200/,
    ],
    ['tables', { tables: 'orders' }, /"tables" must be a list, like \["orders"\]/],
    ['tables', { tables: ['orders', 5] }, /"tables.1" must be text in quotes/],
    ['exclude_tables', { exclude_tables: [{}] }, /"exclude_tables.0" must be text in quotes/],
    [
      'ignore_missing_read_permissions_tables',
      { ignore_missing_read_permissions_tables: 'yes' },
      /"ignore_missing_read_permissions_tables" must be true or false/,
    ],
    [
      'sample size',
      { discover_sample_size: -1 },
      /"discover_sample_size" must be a whole number from 0 to 1,000,000/,
    ],
    [
      'sample size',
      { discover_sample_size: 1e6 + 1 },
      /"discover_sample_size" must be a whole number from 0 to 1,000,000/,
    ],
    [
      'sample size',
      { discover_sample_size: 1.5 },
      /"discover_sample_size" must be a whole number from 0 to 1,000,000/,
    ],
    ['record_format', { record_format: 'row' }, /"record_format" must be "columns" or "packed"/],
    ['nested_values', { nested_values: 'text' }, /"nested_values" must be "json" or "string"/],
    ['number_values', { number_values: 'x' }, /"number_values" must be "number" or "string"/],
    ['unlisted', { unlisted_attributes: 'x' }, /"unlisted_attributes" must be "drop" or "emit"/],
    [
      'replication_method',
      { replication_method: 'Scan' },
      /"replication_method" must be an object/,
    ],
    [
      'method',
      { replication_method: { method: 'scan' } },
      /"replication_method.method" must be "Scan"/,
    ],
    [
      'cursor_margin_seconds',
      { replication_method: { cursor_margin_seconds: -1 } },
      /"replication_method.cursor_margin_seconds" must be a whole number from 0 to 31,536,000/,
    ],
    ['scan', { scan: [] }, /"scan" must be an object/],
    [
      'segments',
      { scan: { segments: -1 } },
      /"scan.segments" must be a whole number from 0 to 1,000,000/,
    ],
    [
      'segments',
      { scan: { segments: 1_000_001 } },
      /"scan.segments" must be a whole number from 0 to 1,000,000/,
    ],
    [
      'segments',
      { scan: { segments: '4' } },
      /"scan.segments" must be a whole number from 0 to 1,000,000, without quotes/,
    ],
    [
      'page_size',
      { scan: { page_size: 0 } },
      /"scan.page_size" must be a whole number from 1 to 100,000/,
    ],
    [
      'page_size',
      { scan: { page_size: 100_001 } },
      /"scan.page_size" must be a whole number from 1 to 100,000/,
    ],
    [
      'consistent_read',
      { scan: { consistent_read: 1 } },
      /"scan.consistent_read" must be true or false/,
    ],
    [
      'checkpoint interval',
      { checkpoint_target_interval_seconds: -1 },
      /"checkpoint_target_interval_seconds" must be a whole number from 0 to 86,400/,
    ],
    [
      'checkpoint interval that never ends',
      { checkpoint_target_interval_seconds: 1e308 },
      /"checkpoint_target_interval_seconds" must be a whole number from 0 to 86,400/,
    ],
    ['endpoint', { endpoint: 5 }, /"endpoint" must be text in quotes/],
    ['endpoint', { endpoint: 'localhost:8000' }, /"endpoint" is not a URL: "localhost:8000"/],
    ['endpoint', { endpoint: 'ftp://localhost' }, /"endpoint" is not a URL/],
    ['endpoint', { endpoint: 'http//localhost' }, /"endpoint" is not a URL/],
    ['sts_endpoint', { sts_endpoint: 'sts' }, /"sts_endpoint" is not a URL: "sts"/],
    [
      'fips',
      { use_fips_endpoint: 'true' },
      /"use_fips_endpoint" must be true or false, without quotes/,
    ],
    ['dual-stack', { use_dualstack_endpoint: 0 }, /"use_dualstack_endpoint" must be true or false/],
    [
      'fips with an endpoint',
      { use_fips_endpoint: true, endpoint: 'http://localhost:8000' },
      /"use_fips_endpoint" cannot be used together with "endpoint"/,
    ],
    [
      'dual-stack with an STS endpoint',
      { use_dualstack_endpoint: true, sts_endpoint: 'http://localhost:8000' },
      /"use_dualstack_endpoint" cannot be used together with "sts_endpoint"/,
    ],
    ['tables', { tables: ['a b'] }, /"tables" contains "a b"/],
  ];
  for (const [property, change, expected] of cases) {
    it(`names ${property}: ${JSON.stringify(change)}`, () => {
      expect(messageOf({ ...MINIMUM, ...change })).to.match(expected);
    });
  }

  it('is told in one sentence that names every violation', () => {
    const message = messageOf({
      region: 'x',
      credentials: { auth_type: 'User', access_key_id: 'AKIAEXAMPLE' },
      discover_sample_size: -1,
      scan: { segments: -1 },
    });
    for (const path of [
      'region',
      'credentials.secret_access_key',
      'discover_sample_size',
      'scan.segments',
    ]) {
      expect(message).to.include(`"${path}"`);
    }
  });

  it('is never told with its secrets', () => {
    for (const change of [{ region: 'x' }, { endpoint: 'x' }, { tables: ['a b'] }, { scan: 'x' }]) {
      expect(messageOf({ ...MINIMUM, ...change })).not.to.include('topsecret');
    }
  });

  it('may be anything but an object', () => {
    for (const input of [undefined, null, [], 'text', 5, true]) {
      expect(messageOf(input)).to.match(/^The config is not valid: the config must be an object/);
    }
  });
});
