import { expect } from 'chai';
import { ConfigError } from '../../../src/errors.ts';
import { readListedAttributes } from '../../../src/records/listed-attributes.ts';
import { createRecordLine } from '../../../src/protocol/record-line.ts';
import type { RecordOptions, RecordTranscoder } from '../../../src/records/transcoder.ts';
import { createEngine, EMITTED_AT, readText } from './page-of-items.ts';

const ITEM = '{"pk":{"S":"a"},"v":{"N":"1"},"w":{"N":"2"}}';
const CONFIG = {
  format: 'columns',
  nestedValues: 'json',
  numberValues: 'number',
  unlistedAttributes: 'drop',
} as const;
const SCHEMA = {
  properties: {
    pk: { type: 'string' },
    v: { type: 'integer' },
    _ab_cdc_cursor: { type: 'integer' },
  },
};

const { engine, outputs } = await createEngine();

/** Transcodes one item with a session that is opened with these options. */
function transcode(item: string, options: Partial<RecordOptions>) {
  const [output] = outputs;
  if (output === undefined) throw new Error('no output');
  const session: RecordTranscoder = engine.openSession({
    line: createRecordLine({ name: 'orders' }),
    config: CONFIG,
    listed: readListedAttributes(SCHEMA, CONFIG),
    keys: ['pk'],
    ...options,
  });
  try {
    const bytes = Buffer.from(item);
    const page = { bytes, runs: [{ start: 0, end: bytes.length }] };
    const text = readText(session.transcode(page, output, EMITTED_AT));
    const { record } = JSON.parse(text) as { record: { data: object } };
    return { data: record.data, unlisted: session.listUnlisted().attributes };
  } finally {
    session.close();
  }
}

describe('the transcoder, beside columns of the source', () => {
  it('refuses an attribute that is called like one of them', () => {
    const reserved = new Set(['_ab_cdc_cursor']);
    const item = '{"pk":{"S":"a"},"_ab_cdc_cursor":{"N":"1"}}';
    expect(() => transcode(item, { reserved })).to.throw(
      ConfigError,
      'has an attribute called "_ab_cdc_cursor"',
    );
    expect(transcode(item, {}).data).to.deep.equal({ pk: 'a', _ab_cdc_cursor: 1 });
    expect(transcode(ITEM, { reserved }).data).to.deep.equal({ pk: 'a', v: 1 });
  });

  it('takes it in packed records, where it stands in the item', () => {
    const config = { ...CONFIG, format: 'packed' } as const;
    const item = '{"pk":{"S":"a"},"_ab_cdc_cursor":{"N":"1"}}';
    const { data } = transcode(item, {
      config,
      listed: undefined,
      reserved: new Set(['_ab_cdc_cursor']),
    });
    expect(data).to.have.nested.property('data._ab_cdc_cursor', 1);
  });

  it('drops what a projection leaves out, and does not count it as unlisted', () => {
    expect(transcode(ITEM, {}).unlisted.map(({ name }) => name)).to.deep.equal(['w']);
    const { data, unlisted } = transcode(ITEM, { projected: new Set(['pk']) });
    expect(data).to.deep.equal({ pk: 'a' });
    expect(unlisted).to.deep.equal([]);
  });
});
