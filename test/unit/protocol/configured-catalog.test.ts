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
    ['nothing', undefined, /it must be object/],
    ['null', null, /it must be object/],
    ['a list', [], /it must be object/],
    ['no streams', {}, /must have required property 'streams'/],
    ['streams that are no list', { streams: {} }, /\/streams must be array/],
    ['a stream without a definition', { streams: [{ sync_mode: 'full_refresh' }] }, /'stream'/],
    ['a stream without a name', { streams: [{ ...STREAM, stream: {} }] }, /'name'/],
    ['a stream with an empty name', { streams: [{ ...STREAM, stream: { name: '' } }] }, /name/],
    [
      'a namespace without end',
      { streams: [{ ...STREAM, stream: { name: 'a', namespace: 'n'.repeat(1001) } }] },
      /namespace must NOT have more than 1000 characters/,
    ],
    ['no sync mode', { streams: [{ stream: { name: 'a' } }] }, /'sync_mode'/],
    ['an unknown sync mode', { streams: [{ ...STREAM, sync_mode: 'resume' }] }, /sync_mode/],
    ['a cursor that is no path', { streams: [{ ...STREAM, cursor_field: 'a' }] }, /cursor_field/],
    [
      'a schema that is no object',
      { streams: [{ ...STREAM, stream: { name: 'a', json_schema: [] } }] },
      /json_schema/,
    ],
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
      /\/streams\/0.*; .*\/streams\/1\/sync_mode/,
    );
  });
});
