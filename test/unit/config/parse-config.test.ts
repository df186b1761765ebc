import { expect } from 'chai';
import { parseConfig } from '../../../src/config/parse-config.ts';

const REGION = 'us-east-1';
const USER = { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' };
const ROLE_ARN = 'arn:aws:iam::123456789012:role/path/reader';
const MINIMUM = { region: REGION, credentials: USER };

describe('parsing a config', () => {
  it('fills in every default', () => {
    const config = parseConfig(MINIMUM);
    expect(config.region).to.equal(REGION);
    expect(config.endpoints).to.deep.equal({ useFips: undefined, useDualstack: undefined });
    expect(config.tables.needsListing).to.equal(true);
    expect(config.ignoreMissingReadPermissions).to.equal(false);
    expect(config.discoverSampleSize).to.equal(1000);
    expect(config.records).to.deep.equal({
      format: 'columns',
      nestedValues: 'json',
      numberValues: 'number',
      unlistedAttributes: 'drop',
    });
    expect(config.replication).to.deep.equal({ method: 'scan', cursorMarginMs: 60_000 });
    expect(config.scan).to.include({ segments: 4, consistentRead: true });
    expect(config.scan).not.to.have.property('pageSize');
    expect(config.checkpointIntervalMs).to.equal(60_000);
    expect(config.concurrentStreams).to.equal(4);
  });

  it('takes every property as it is set', () => {
    const config = parseConfig({
      ...MINIMUM,
      endpoint: 'http://localhost:8000',
      sts_endpoint: 'https://sts.example.com',
      tables: ['orders', 'users-*'],
      exclude_tables: ['users-tmp'],
      ignore_missing_read_permissions_tables: true,
      discover_sample_size: 0,
      record_format: 'packed',
      nested_values: 'string',
      number_values: 'string',
      unlisted_attributes: 'emit',
      replication_method: { method: 'Scan', cursor_margin_seconds: 5 },
      scan: { segments: 0, page_size: 10, consistent_read: false },
      checkpoint_target_interval_seconds: 0,
      concurrent_streams: 16,
    });
    expect(config.endpoints).to.deep.equal({
      dynamodb: 'http://localhost:8000',
      sts: 'https://sts.example.com',
      useFips: undefined,
      useDualstack: undefined,
    });
    expect(config.tables.named).to.deep.equal([{ name: 'orders', reference: 'orders' }]);
    expect(config.tables.matchesListed('users-1')).to.equal(true);
    expect(config.tables.matchesListed('users-tmp')).to.equal(false);
    expect(config.ignoreMissingReadPermissions).to.equal(true);
    expect(config.discoverSampleSize).to.equal(0);
    expect(config.records).to.deep.equal({
      format: 'packed',
      nestedValues: 'string',
      numberValues: 'string',
      unlistedAttributes: 'emit',
    });
    expect(config.replication).to.deep.equal({ method: 'scan', cursorMarginMs: 5000 });
    expect(config.scan).to.include({ segments: 0, pageSize: 10, consistentRead: false });
    expect(config.checkpointIntervalMs).to.equal(0);
    expect(config.concurrentStreams).to.equal(16);
  });

  it('takes FIPS and dual-stack endpoints', () => {
    const config = parseConfig({
      ...MINIMUM,
      use_fips_endpoint: true,
      use_dualstack_endpoint: true,
    });
    expect(config.endpoints).to.deep.equal({ useFips: true, useDualstack: true });
  });

  it('takes blank properties for absent ones', () => {
    const config = parseConfig({
      region: ' us-east-1 ',
      credentials: { ...USER, access_key_id: ' AKIAEXAMPLE\n', session_token: '' },
      endpoint: '',
      sts_endpoint: ' ',
      tables: ['', ' orders '],
      record_format: null,
      scan: { page_size: null },
    });
    expect(config).to.deep.include({
      region: REGION,
      credentials: { accessKey: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' } },
      endpoints: { useFips: undefined, useDualstack: undefined },
    });
    expect(config.tables.named).to.deep.equal([{ name: 'orders', reference: 'orders' }]);
    expect(config.records.format).to.equal('columns');
  });

  it('takes a replication method without a method for a scan', () => {
    for (const replication of [null, {}, { method: '' }, { cursor_margin_seconds: 60 }]) {
      const config = parseConfig({ ...MINIMUM, replication_method: replication });
      expect(config.replication).to.deep.equal({ method: 'scan', cursorMarginMs: 60_000 });
    }
  });

  it('accepts what it does not know, at every level', () => {
    const config = parseConfig({
      region: REGION,
      credentials: { ...USER, new_option: 1 },
      scan: { new_option: 1 },
      reserved_attribute_names: 'name,status',
      new_option: {},
    });
    expect(config.region).to.equal(REGION);
  });

  for (const region of [
    'us-east-1',
    'us-gov-west-1',
    'cn-north-1',
    'us-isob-east-1',
    'ap-southeast-7',
  ]) {
    it(`knows the region ${region}`, () => {
      expect(parseConfig({ ...MINIMUM, region }).region).to.equal(region);
    });
  }
});

describe('parsing credentials', () => {
  const role = {
    role_arn: ROLE_ARN,
    external_id: 'id',
    role_session_name: 'name@x',
    role_session_duration_seconds: 900,
  };
  const parsedRole = {
    arn: ROLE_ARN,
    externalId: 'id',
    sessionName: 'name@x',
    durationSeconds: 900,
  };
  const accessKey = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const cases: readonly (readonly [string, object, object])[] = [
    ['takes an access key', USER, { accessKey }],
    [
      'takes a temporary access key',
      { ...USER, session_token: 'token' },
      { accessKey: { ...accessKey, sessionToken: 'token' } },
    ],
    [
      'takes a role on top of an access key, with its defaults',
      { ...USER, auth_type: 'AssumeRole', role_arn: ROLE_ARN },
      {
        accessKey,
        role: { arn: ROLE_ARN, sessionName: 'airbyte-source-dynamodb', durationSeconds: 3600 },
      },
    ],
    [
      'takes every option of a role',
      { ...USER, auth_type: 'AssumeRole', session_token: 'token', ...role },
      { accessKey: { ...accessKey, sessionToken: 'token' }, role: parsedRole },
    ],
    ["takes AWS's default chain", { auth_type: 'Role' }, {}],
    ['takes a profile', { auth_type: 'Role', profile: 'dev' }, { profile: 'dev' }],
    [
      'takes a role on top of the default chain',
      { auth_type: 'Role', profile: 'dev', ...role },
      { profile: 'dev', role: parsedRole },
    ],
    ['forgets the role of another choice', { ...USER, role_arn: ROLE_ARN }, { accessKey }],
    ['forgets the key of another choice', { ...USER, auth_type: 'Role' }, {}],
  ];
  for (const [name, credentials, parsed] of cases) {
    it(name, () => {
      expect(parseConfig({ region: REGION, credentials }).credentials).to.deep.equal(parsed);
    });
  }
});
