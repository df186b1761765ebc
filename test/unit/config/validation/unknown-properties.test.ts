import { expect } from 'chai';
import { readSpec } from '../../../../src/config/spec.ts';
import { findUnknownProperties } from '../../../../src/config/validation/unknown-properties.ts';

const { connectionSpecification } = readSpec();
const USER = { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' };

function find(config: object): readonly string[] {
  return findUnknownProperties({ region: 'us-east-1', ...config }, connectionSpecification).map(
    ({ path }) => path,
  );
}

describe('unknown properties of a config', () => {
  for (const [title, config, expected] of [
    ['none', { credentials: USER, scan: { segments: 4 }, tables: ['t'] }, []],
    ['a slip of the pen', { table: ['orders'] }, ['table']],
    ['one inside an object', { scan: { segment: 4, segments: 4 } }, ['scan.segment']],
    [
      'one of an entry of a list',
      { table_options: [{ table: 't' }, { table: 'u', segmets: 1 }] },
      ['table_options.1.segmets'],
    ],
    [
      'one of another way to authenticate',
      { credentials: { ...USER, role_arn: 'arn:aws:iam::123456789012:role/x' } },
      ['credentials.role_arn'],
    ],
    ['those that every object has', { constructor: 1, ['__proto__x']: 1 }, ['constructor']],
    ["none that are Airbyte's own", { __injected_declarative_manifest: {}, _x: 1 }, []],
  ] as const) {
    it(`are found: ${title}`, () => {
      expect(find(config)).to.deep.equal(expected);
    });
  }

  it('are not looked for in what is no object', () => {
    const text = { table: 't', expression_attribute_values: '{":x":{"S":"x"}}' };
    for (const config of [{ table_options: [text] }, { scan: null, tables: null }]) {
      expect(find(config)).to.deep.equal([]);
    }
  });
});
