import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { readSpec } from '../../../src/config/spec.ts';

const KEY = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' };
const ACCESS_KEY = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
const ROLE_ARN = 'arn:aws:iam::123456789012:role/reader';
const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders';
const isValid = new Ajv({ strict: false }).compile(readSpec().connectionSpecification);

describe("a config of Airbyte's own connector", () => {
  const legacy = {
    endpoint: '',
    region: '',
    credentials: KEY,
    reserved_attribute_names: 'name, status',
    ignore_missing_read_permissions_tables: false,
  };

  it('of the first generation is taken, and is valid against the specification', () => {
    expect(isValid(legacy), JSON.stringify(isValid.errors)).to.equal(true);
    const config = parseConfig(legacy, { AWS_REGION: 'eu-west-1' });
    expect(config.region).to.equal('eu-west-1');
    expect(config.credentials).to.deep.equal({ accessKey: ACCESS_KEY });
    expect(config.endpoints.dynamodb).to.equal(undefined);
    expect(config.warnings).to.deep.equal([]);
  });

  it('of the second generation is taken, and is valid against the specification', () => {
    const config = {
      region: 'us-east-1',
      credentials: { auth_type: 'AssumeRole', ...KEY, role_arn: ROLE_ARN, external_id: 'x' },
      discover_sample_size: 1000,
      checkpoint_target_interval_seconds: 300,
      max_db_connections: 4,
    };
    expect(isValid(config), JSON.stringify(isValid.errors)).to.equal(true);
    expect(parseConfig(config).credentials.role?.arn).to.equal(ROLE_ARN);
  });

  for (const [name, credentials, parsed] of [
    ['an access key', KEY, { accessKey: ACCESS_KEY }],
    ['nothing', {}, {}],
    ['a profile', { profile: 'dev' }, { profile: 'dev' }],
  ] as const) {
    it(`needs no auth_type beside ${name}`, () => {
      const config = parseConfig({ region: 'us-east-1', credentials });
      expect(config.credentials).to.deep.equal(parsed);
    });
  }

  it('needs no auth_type beside an access key and a role', () => {
    const credentials = { ...KEY, role_arn: ROLE_ARN };
    expect(parseConfig({ region: 'us-east-1', credentials }).credentials).to.deep.include({
      accessKey: ACCESS_KEY,
    });
    expect(parseConfig({ region: 'us-east-1', credentials }).credentials.role?.arn).to.equal(
      ROLE_ARN,
    );
  });
});

describe('the region of a config', () => {
  const regionOf = (options: object, env = {}) =>
    parseConfig({ credentials: KEY, ...options }, env).region;

  it('is that of an ARN, or else of the environment, where it is blank', () => {
    const env = { AWS_REGION: ' us-west-2 ', AWS_DEFAULT_REGION: 'us-east-2' };
    expect(regionOf({ region: null, tables: ['users', ARN] }, env)).to.equal('eu-west-1');
    expect(regionOf({ region: '', tables: ['users'] }, env)).to.equal('us-west-2');
    expect(regionOf({}, { ...env, AWS_REGION: '' })).to.equal('us-east-2');
  });

  it('is asked for where nothing tells it', () => {
    expect(() => regionOf({ region: '' })).to.throw('"region" is missing, and AWS_REGION is not');
  });

  it('may have any name with an endpoint of its own, as of DynamoDB Local', () => {
    const endpoint = 'http://localhost:8000';
    for (const region of ['local', 'localhost', 'fakeRegion', 'us-east-1']) {
      expect(isValid({ region, credentials: KEY, endpoint })).to.equal(true);
      expect(regionOf({ region, endpoint })).to.equal(region);
      expect(regionOf({ region }, { AWS_ENDPOINT_URL_DYNAMODB: endpoint })).to.equal(region);
    }
    expect(() => regionOf({ region: 'local' })).to.throw('"region" must look like us-east-1');
    expect(() => regionOf({ region: 'Frankfurt', endpoint })).to.throw('must look like us-east-1');
  });
});

describe("what the environment says of AWS's endpoints", () => {
  const endpointsOf = (options: object, env = {}) =>
    parseConfig({ region: 'us-east-1', credentials: KEY, ...options }, env).endpoints;
  const fips = { AWS_USE_FIPS_ENDPOINT: 'true' };

  it('holds unless the config says otherwise', () => {
    expect(endpointsOf({}, fips)).to.deep.equal({ useFips: undefined, useDualstack: undefined });
    expect(endpointsOf({ use_fips_endpoint: false }, fips).useFips).to.equal(false);
  });

  it('cannot hold beside an endpoint of the config', () => {
    const endpoint = 'http://localhost:8000';
    expect(() => endpointsOf({ endpoint }, fips)).to.throw(
      'AWS_USE_FIPS_ENDPOINT=true in the environment cannot be used together with "endpoint"',
    );
    expect(endpointsOf({ endpoint, use_fips_endpoint: false }, fips).dynamodb).to.equal(endpoint);
  });
});
