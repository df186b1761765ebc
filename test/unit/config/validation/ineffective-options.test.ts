import { expect } from 'chai';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { ConfigError } from '../../../../src/errors.ts';

const USER = { auth_type: 'User', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' };
const ROLE_ARN = 'arn:aws:iam::123456789012:role/reader';

function warningsOf(options: object): readonly string[] {
  return parseConfig({ region: 'us-east-1', credentials: USER, tables: ['orders'], ...options })
    .warnings;
}

describe('an option of another replication method', () => {
  const EXPORT = {
    replication_method: { method: 'Export' },
    export: { s3_bucket: 'backups' },
  };
  for (const [options, warning] of [
    [
      { export: { s3_bucket: 'backups' } },
      '"export" in the config has no effect without the method "Export", or "Streams" with an export as its initial snapshot or to recover lost changes.',
    ],
    [
      { s3_endpoint: 'http://localhost:9000' },
      '"s3_endpoint" in the config has no effect without the method "Export", or "Streams" with an export as its initial snapshot or to recover lost changes.',
    ],
    [
      { streams_endpoint: 'http://localhost:9000' },
      '"streams_endpoint" in the config has no effect without the method "Streams".',
    ],
    [
      { ...EXPORT, scan: { page_size: 5 } },
      '"scan.page_size" in the config has no effect on reads with the method "Export".',
    ],
    [
      { ...EXPORT, table_options: [{ table: 'orders', max_read_capacity_units: 5 }] },
      '"table_options.0.max_read_capacity_units" in the config has no effect on reads with the method "Export".',
    ],
    [
      {
        replication_method: { method: 'Streams' },
        table_options: [{ table: 'orders', cursor_overlap: '5' }],
      },
      '"table_options.0.cursor_overlap" in the config has no effect on reads with the method "Streams".',
    ],
  ] as const) {
    it(`is named: ${warning}`, () => {
      expect(warningsOf(options)).to.deep.equal([warning]);
    });
  }

  it('is not named where it has an effect, or is what a form sends by itself', () => {
    for (const options of [
      {
        ...EXPORT,
        s3_endpoint: 'http://localhost:9000',
        scan: { segments: 8, consistent_read: true },
      },
      {
        replication_method: { method: 'Streams' },
        streams_endpoint: 'http://localhost:9000',
        scan: { page_size: 5 },
      },
      {
        scan: { page_size: 5 },
        s3_endpoint: '',
        streams_endpoint: '',
        table_options: [{ table: 'orders', cursor_overlap: '5' }],
      },
    ]) {
      expect(warningsOf(options)).to.deep.equal([]);
    }
  });
});

describe('a misspelt property', () => {
  for (const [options, path, meant] of [
    [{ table: ['orders'] }, 'table', 'tables'],
    [{ Tables: ['orders'] }, 'Tables', 'tables'],
    [{ scan: { segment: 8 } }, 'scan.segment', 'scan.segments'],
    [{ scan: { slice: { idx: 0, Count: 2 } } }, 'scan.slice.Count', 'scan.slice.count'],
    [{ segments: 8 }, 'segments', 'scan.segments'],
    [
      { replication_method: { cursor_margin_second: 5 } },
      'replication_method.cursor_margin_second',
      'replication_method.cursor_margin_seconds',
    ],
    [{ projection: ['a'] }, 'projection', 'table_options[].projection'],
    [{ table_options: [{ tables: 'orders' }] }, 'table_options.0.tables', 'table_options.0.table'],
    [
      { credentials: { acces_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' } },
      'credentials.acces_key_id',
      'credentials.access_key_id',
    ],
    [
      { credentials: { ...USER, roleArn: ROLE_ARN } },
      'credentials.roleArn',
      'credentials.role_arn',
    ],
  ] as const) {
    it(`is an error that names what is meant: ${path}`, () => {
      const text = `"${path}" is not a property of this source (did you mean "${meant}"?)`;
      expect(() => warningsOf(options)).to.throw(ConfigError, text);
    });
  }

  it('is not called missing as well', () => {
    const credentials = { auth_type: 'User', acces_key_id: 'A', secret_access_key: 's' };
    expect(() => warningsOf({ credentials })).to.throw(/^((?!is missing).)*$/);
  });

  it('is told together with what else is wrong', () => {
    const parse = () => warningsOf({ tabels: [], scan: { segments: -1 } });
    expect(parse).to.throw(/"tabels" .*; "scan.segments" must be/);
  });
});

describe('what has no effect in a config', () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['nothing', { scan: { slice: { index: null, count: null } }, table_options: [] }, []],
    ["Airbyte's own properties", { __injected_declarative_manifest: {} }, []],
    [
      'a property far from any',
      { from_the_future: 1 },
      ['"from_the_future" in the config has no effect, as this source has no such property.'],
    ],
    [
      'a property that was to choose tables',
      { tables: [], streams: ['orders'] },
      [
        '"streams" in the config has no effect, as this source has no such property. "tables" is empty, so every table is read.',
      ],
    ],
    [
      'a property of an object',
      { scan: { slice: { of: 2 } } },
      [
        '"scan.slice.of" in the config has no effect, as "scan.slice" takes only "index" and "count".',
      ],
    ],
    [
      'a property of the replication method',
      { replication_method: { method: 'Scan', from_the_future: 1 } },
      [
        '"replication_method.from_the_future" in the config has no effect, as "replication_method" takes only "method" and "cursor_margin_seconds".',
      ],
    ],
    [
      'a property of another way to authenticate',
      { credentials: { ...USER, role_arn: ROLE_ARN, profile: 'dev' } },
      ['role_arn', 'profile'].map(
        (name) => `"credentials.${name}" in the config has no effect with "auth_type": "User".`,
      ),
    ],
    [
      "the connections of Airbyte's own connector",
      { max_db_connections: 4 },
      [
        '"max_db_connections" in the config has no effect: "concurrent_streams" and "scan.segments" determine how much is read at the same time.',
      ],
    ],
    [
      'options of a role without one',
      { credentials: { auth_type: 'Role', external_id: 'x', role_session_duration_seconds: 3600 } },
      [
        '"credentials.external_id" in the config has no effect without "role_arn", as no role is assumed.',
      ],
    ],
    [
      'unlisted attributes of packed records',
      { record_format: 'packed', unlisted_attributes: 'emit' },
      [
        '"unlisted_attributes" in the config has no effect, as packed records contain every attribute anyway.',
      ],
    ],
    [
      'an entry of nulls',
      { table_options: [{ table: null, segments: null, projection: null }] },
      ['"table_options.0" in the config has no effect, as it sets no option.'],
    ],
    [
      'an entry with nothing but a table, unless it keeps a later one from it',
      { table_options: [{ table: 'orders' }, { table: 'o*', segments: 2 }, { table: 'users' }] },
      ['"table_options.2" in the config has no effect, as it sets no option.'],
    ],
  ];
  for (const [name, options, warnings] of cases) {
    it(`is named: ${name}`, () => {
      expect(warningsOf(options)).to.deep.equal(warnings);
    });
  }
});
