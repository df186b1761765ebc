import { expect } from 'chai';
import { ConfigError } from '../../../src/errors.ts';
import { parseConfiguredCatalog } from '../../../src/protocol/configured-catalog.ts';

const STREAM = { stream: { name: 'orders' }, sync_mode: 'full_refresh' };

describe('parsing a configured catalog', () => {
  it('takes a stream with all that it may have', () => {
    const jsonSchema = { type: 'object', properties: { pk: { type: 'string' } } };
    const input = {
      streams: [
        {
          stream: {
            name: 'orders',
            namespace: 'shop',
            json_schema: jsonSchema,
            supported_sync_modes: ['full_refresh'],
            source_defined_primary_key: [['pk']],
          },
          sync_mode: 'incremental',
          destination_sync_mode: 'append_dedup',
          cursor_field: ['updated_at'],
          primary_key: [['pk']],
          generation_id: 3,
        },
      ],
    };
    expect(parseConfiguredCatalog(input)).to.deep.equal([
      {
        descriptor: { name: 'orders', namespace: 'shop' },
        syncMode: 'incremental',
        destinationSyncMode: 'append_dedup',
        jsonSchema,
        cursorField: ['updated_at'],
      },
    ]);
  });

  it('takes nulls for absent members', () => {
    const input = {
      streams: [
        {
          stream: { name: 'orders', namespace: null, json_schema: null },
          sync_mode: 'full_refresh',
          destination_sync_mode: null,
          cursor_field: null,
        },
      ],
    };
    expect(parseConfiguredCatalog(input)).to.deep.equal([
      {
        descriptor: { name: 'orders' },
        syncMode: 'full_refresh',
        jsonSchema: {},
        cursorField: [],
      },
    ]);
  });

  it('keeps the order of the streams, and takes none', () => {
    const streams = ['b', 'a', 'c'].map((name) => ({ ...STREAM, stream: { name } }));
    const names = parseConfiguredCatalog({ streams }).map(({ descriptor }) => descriptor.name);
    expect(names).to.deep.equal(['b', 'a', 'c']);
    expect(parseConfiguredCatalog({ streams: [] })).to.deep.equal([]);
  });

  const invalid: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /the catalog must be an object/],
    ['null', null, /the catalog must be an object/],
    ['a list', [], /the catalog must be an object/],
    ['no streams', {}, /"streams" is missing/],
    ['streams that are no list', { streams: {} }, /: streams must be a list\./],
    [
      'a stream without a definition',
      { streams: [{ sync_mode: 'full_refresh' }] },
      /streams\[0\]\.stream is missing/,
    ],
    [
      'a stream without a name',
      { streams: [{ ...STREAM, stream: {} }] },
      /streams\[0\]\.stream\.name is missing/,
    ],
    [
      'a stream with an empty name',
      { streams: [{ ...STREAM, stream: { name: '' } }] },
      /streams\[0\]\.stream\.name must not be empty/,
    ],
    [
      'a namespace without end',
      { streams: [{ ...STREAM, stream: { name: 'a', namespace: 'n'.repeat(1001) } }] },
      /namespace must have no more than 1000 characters/,
    ],
    [
      'no sync mode',
      { streams: [{ stream: { name: 'a' } }] },
      /streams\[0\]\.sync_mode is missing/,
    ],
    [
      'an unknown sync mode',
      { streams: [{ ...STREAM, sync_mode: 'resume' }] },
      /streams\[0\]\.sync_mode must be full_refresh or incremental/,
    ],
    [
      'a cursor that is no path',
      { streams: [{ ...STREAM, cursor_field: 'a' }] },
      /streams\[0\]\.cursor_field must be a list/,
    ],
    [
      'a schema that is no object',
      { streams: [{ ...STREAM, stream: { name: 'a', json_schema: [] } }] },
      /streams\[0\]\.stream\.json_schema must be an object/,
    ],
    [
      'a schema whose properties are a list',
      { streams: [{ ...STREAM, stream: { name: 'a', json_schema: { properties: ['pk'] } } }] },
      /streams\[0\]\.stream\.json_schema\.properties must be an object/,
    ],
    [
      'what discover writes',
      { type: 'CATALOG', catalog: { streams: [] } },
      /as "discover" prints it.*source-dynamodb catalog --config/,
    ],
    [
      'the catalog in it',
      { streams: [{ name: 'a', json_schema: {} }] },
      /as "discover" prints it.*source-dynamodb catalog --config/,
    ],
    [
      'a catalog of Singer',
      { streams: [{ tap_stream_id: 'a', stream: 'a', schema: {} }] },
      /a Singer catalog.*source-dynamodb catalog --config/,
    ],
    [
      "a catalog of Airbyte's API",
      {
        streams: [{ stream: { name: 'a', jsonSchema: {} }, config: { syncMode: 'full_refresh' } }],
      },
      /as Airbyte's API and screens show it.*source-dynamodb catalog --config/,
    ],
    [
      'a connection of the API',
      { syncCatalog: { streams: [] } },
      /as Airbyte's API and screens show it/,
    ],
    [
      'a catalog with names in camelCase',
      { streams: [{ stream: { name: 'a' }, syncMode: 'full_refresh' }] },
      /as Airbyte's API and screens show it/,
    ],
    [
      'a schema in camelCase, which would not be heeded',
      { streams: [{ ...STREAM, stream: { name: 'a', jsonSchema: {} } }] },
      /as Airbyte's API and screens show it/,
    ],
    ['a config', { region: 'a', credentials: { auth_type: 'Role' } }, /catalog is a config/],
    ['a state', [{ type: 'STREAM', stream: {} }], /catalog is a state/],
    ['a STATE message', { type: 'STATE', state: {} }, /catalog is a state/],
    ['a stream twice', { streams: [STREAM, STREAM] }, /lists the stream orders twice/],
  ];
  for (const [name, input, message] of invalid) {
    it(`refuses ${name}`, () => {
      expect(() => parseConfiguredCatalog(input)).to.throw(ConfigError, message);
    });
  }

  it('names every violation at once', () => {
    const input = { streams: [{ stream: {} }, { ...STREAM, sync_mode: 'x' }] };
    expect(() => parseConfiguredCatalog(input)).to.throw(
      ConfigError,
      /streams\[0\].*; .*streams\[1\]\.sync_mode/,
    );
  });
});
