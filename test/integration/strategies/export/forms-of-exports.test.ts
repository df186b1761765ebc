import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { etagOf } from '../../../support/fake-exports/export-writer.ts';
import type { JsonObject } from '../../../support/json.ts';
import {
  EXISTING,
  fullLines,
  gzipLines,
  layExport,
  layWindow,
  PREFIX,
  readAll,
  replaceFile,
  replaceText,
} from './existing-exports-world.ts';
import { ExportWorld } from './export-world.ts';

const SAMPLE = fileURLToPath(
  new URL('../../../../../test/support/fake-exports/sample/', import.meta.url),
);

describe('an export', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
  });
  afterEach(() => world.close());

  async function readValues(): Promise<readonly number[]> {
    const { rows, error } = await readAll(world);
    if (error !== undefined) throw error;
    return rows.map(({ v = -1 }) => v).sort((a, b) => a - b);
  }

  it('that DynamoDB made is read as it is', async () => {
    for (const key of readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' })) {
      if (key.endsWith('.json') || key.endsWith('.gz')) {
        world.s3.objects.set(`dynamodb-export/${key}`, readFileSync(join(SAMPLE, key)));
      }
    }
    const arn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/S3ExportTest';
    replaceText(
      world,
      'manifest-summary.json',
      `"tableArn":"${arn}"`,
      `"tableArn":"${world.exports.tableArn}"`,
    );
    const { rows, states, error } = await readAll(world, {
      config: {
        ...EXISTING,
        export: { s3_bucket: world.s3.bucket, s3_prefix: 'dynamodb-export/' },
      },
    });
    expect(error).to.equal(undefined);
    const columns = {
      _ab_cdc_cursor: 1_715_685_260_607_999,
      _ab_cdc_updated_at: '2024-05-14T11:14:20.608Z',
      _ab_cdc_deleted_at: null,
      _ab_cdc_deleted_by: null,
      _ab_cdc_sequence_number: null,
    };
    expect(rows).to.deep.equal([
      { id: 'bar', baz: 0, ...columns },
      {
        ...{ id: 'K3TXQk84Si', a: false, b: null, c: ['8gfX8dh0xa', 'fRjHZJ2Ce9'], d: [3, 2] },
        ...{ e: [1, 'Dsb87qc6Es'], f: { h: null, i: true, g: 9 }, j: 'aGVsbG8=' },
        ...{ k: ['aXMgZmFzdA==', 'c2N5bGxhZGI='], ...columns },
      },
      { id: 'foo', bar: 42, ...columns },
    ]);
    expect(states.at(-1)).to.deep.include({ until: '2024-05-14T11:14:20.608Z' });
  });

  it('is written by the fake as DynamoDB writes it', () => {
    const [id = ''] = readdirSync(join(SAMPLE, 'AWSDynamoDB'));
    const read = (name: string): JsonObject =>
      JSON.parse(readFileSync(join(SAMPLE, 'AWSDynamoDB', id, name), 'utf8')) as JsonObject;
    const files = read('manifest-files.json');
    const body = readFileSync(
      join(SAMPLE, (files.dataFileS3Key as string).replace('dynamodb-export/', '')),
    );
    expect(etagOf(body)).to.equal(files.etag);
    layExport(world, { files: [{ name: 'x', lines: fullLines(3) }] });
    const written = (end: string): JsonObject => {
      const [, object] = [...world.s3.objects].find(([key]) => key.endsWith(end)) ?? [];
      return JSON.parse(String(object)) as JsonObject;
    };
    expect(Object.keys(written('manifest-summary.json'))).to.deep.equal(
      Object.keys(read('manifest-summary.json')),
    );
    expect(Object.keys(written('manifest-files.json'))).to.deep.equal(Object.keys(files));
  });

  it('may have files without an item, compressed or of no byte at all', async () => {
    layExport(world, {
      files: [
        { name: 'first', lines: [] },
        { name: 'second', lines: fullLines(2) },
        { name: 'third', lines: [] },
      ],
    });
    replaceFile(world, 'third', Buffer.alloc(0));
    expect(await readValues()).to.deep.equal([0, 1]);
  });

  it('may have files of several compressed members', async () => {
    layExport(world, { members: 4, files: [{ name: 'first', lines: fullLines(30) }] });
    expect(await readValues()).to.deep.equal(fullLines(30).map((_, index) => index));
    const members = Buffer.concat([
      gzipSync('{"Item":{"pk":{"S"'),
      gzipSync(''),
      gzipSync(':"k0"},"v":{"N":"7"}}}'),
    ]);
    layExport(world, { files: [{ name: 'first', lines: fullLines(1) }] });
    replaceFile(world, 'first', members);
    expect(await readValues()).to.deep.equal([7]);
  });

  it('may have empty lines, other line ends, blanks, and no line end at the end', async () => {
    const [first = '', ...others] = fullLines(4);
    const spaced = first.replaceAll(':', ' : ').replaceAll(',', ' ,\t');
    layExport(world, { files: [{ name: 'first', lines: fullLines(5) }] });
    const lines = ['', spaced, '', ...others, ' \r', fullLines(1, 4)[0] ?? ''];
    for (const end of ['\n', '\r\n']) {
      replaceFile(world, 'first', gzipSync(lines.join(end)));
      expect(await readValues()).to.deep.equal([0, 1, 2, 3, 4]);
    }
    replaceFile(world, 'first', gzipLines(['', '', ...fullLines(5)]));
    expect(await readValues()).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('may have the members of a change in any order, and any text in them', async () => {
    layExport(world, { files: [] });
    const odd = '\\"}},{[\\\\';
    layWindow(world, [
      `{"NewImage":{"pk":{"S":"a"},"v":{"N":"1"},"x":{"S":"${odd}"}},"Keys":{"pk":{"S":"a"}},"Metadata":{"WriteTimestampMicros":{"N":"1793456789123456"}}}`,
      `{ "OldImage" : {"pk":{"S":"b"},"v":{"N":"2"}}, "Metadata":{"WriteTimestampMicros":{"N":"1793456789000007"}},"Keys":{"pk":{"S":"b"}}}`,
      '{"Metadata":{"WriteTimestampMicros":{"N":"1793456789000000"}},"Keys":{"pk":{"S":"c"}}}',
    ]);
    const { rows, error } = await readAll(world);
    expect(error).to.equal(undefined);
    const rest = { _ab_cdc_deleted_by: null, _ab_cdc_sequence_number: null };
    expect(rows).to.deep.equal([
      {
        ...{ pk: 'a', v: 1, x: '"}},{[\\', _ab_cdc_cursor: 1_793_456_789_123_456, ...rest },
        ...{ _ab_cdc_updated_at: '2026-10-31T14:26:29.123456Z', _ab_cdc_deleted_at: null },
      },
      {
        ...{ pk: 'b', v: 2, _ab_cdc_cursor: 1_793_456_789_000_007, ...rest },
        _ab_cdc_updated_at: '2026-10-31T14:26:29.000007Z',
        _ab_cdc_deleted_at: '2026-10-31T14:26:29.000007Z',
      },
      {
        ...{ pk: 'c', _ab_cdc_cursor: 1_793_456_789_000_000, ...rest },
        _ab_cdc_updated_at: '2026-10-31T14:26:29.000000Z',
        _ab_cdc_deleted_at: '2026-10-31T14:26:29.000000Z',
      },
    ]);
  });

  it('may have been copied to another place as a whole', async () => {
    layExport(world);
    layWindow(world, [
      '{"Metadata":{"WriteTimestampMicros":{"N":"1793456789000000"}},"Keys":{"pk":{"S":"k0"}}}',
    ]);
    const { objects, etags } = world.s3;
    for (const [key, body] of [...objects]) {
      const copy = key.replace(PREFIX, 'copies/of orders');
      objects.delete(key);
      objects.set(copy, body);
      etags.set(copy, `copy-of-${body.length}`);
    }
    const { rows, error } = await readAll(world, {
      config: {
        ...EXISTING,
        export: { s3_bucket: world.s3.bucket, s3_prefix: 'copies/of orders' },
      },
    });
    expect(error).to.equal(undefined);
    expect(rows).to.have.length(10);
  });
});
