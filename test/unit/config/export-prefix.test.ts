import { expect } from 'chai';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { ConfigError } from '../../../src/errors.ts';

function parsePrefix(s3_prefix: string): string | undefined {
  const config = parseConfig({
    region: 'us-east-1',
    credentials: { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' },
    replication_method: { method: 'Export' },
    export: { s3_bucket: 'my-exports', s3_prefix },
  });
  return config.export?.prefix;
}

describe('the prefix of exports', () => {
  for (const prefix of ['a/../b', './x', '..', 'a/.', '/../', 'a/./b/']) {
    it(`is refused as "${prefix}", which no URL can carry`, () => {
      expect(() => parsePrefix(prefix))
        .to.throw(ConfigError)
        .with.property('message')
        .that.matches(/^"export\.s3_prefix" \(".*"\) has "\." or "\.\." between its slashes/);
    });
  }

  for (const [prefix, expected] of [
    ['/airbyte/orders/', 'airbyte/orders'],
    ['a.b/..c/...', 'a.b/..c/...'],
    ['.hidden/%2e', '.hidden/%2e'],
    ['a//b', 'a//b'],
    ['', ''],
  ] as const) {
    it(`may be "${prefix}"`, () => {
      expect(parsePrefix(prefix)).to.equal(expected);
    });
  }
});
