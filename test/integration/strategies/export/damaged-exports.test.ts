import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { ConfigError } from '../../../../src/errors.ts';
import {
  EXISTING,
  findKey,
  fullLines,
  gzipLines,
  layExport,
  layWindow,
  type Outcome,
  readAll,
  replaceFile,
  replaceText,
  rewrite,
} from './existing-exports-world.ts';
import { ExportWorld } from './export-world.ts';

const TRUTH = new Set(fullLines(9).map((_, index) => `k${index}=${index}`));

/** What was emitted before the failure is true, and the failure is one that the user can mend. */
function expectFailure({ rows, error }: Outcome, ...parts: readonly string[]): void {
  expect(error).to.be.instanceOf(ConfigError);
  for (const part of parts) expect(error?.message).to.include(part);
  for (const { pk, v } of rows) expect(TRUTH).to.include(`${pk}=${v ?? ''}`);
}

describe('an export that is not as DynamoDB wrote it', () => {
  let world: ExportWorld;

  beforeEach(async () => {
    world = await ExportWorld.open();
    layExport(world);
  });
  afterEach(() => world.close());

  it('is refused before any record of a file that was truncated, extended or changed', async () => {
    const changes: readonly ((body: Buffer) => Buffer)[] = [
      (body) => body.subarray(0, -9),
      (body) => body.subarray(0, 0),
      (body) => Buffer.concat([body, Buffer.from('garbage')]),
      (body) => Buffer.concat([body, gzipLines(fullLines(1, 99))]),
      () => gzipLines(fullLines(5, 100)),
    ];
    for (const change of changes) {
      layExport(world);
      rewrite(world, 'first.json.gz', change);
      const outcome = await readAll(world);
      expectFailure(outcome, 'first.json.gz of the export has the MD5', 'but its manifest says');
      expect(outcome.rows.filter(({ v = 0 }) => v < 5 || v > 8)).to.deep.equal([]);
    }
  });

  it('is refused where the compressed bytes end too soon, or have others behind them', async () => {
    const whole = gzipLines(fullLines(5));
    const bodies = [
      [whole.subarray(0, -9), 'unexpected end of file'],
      [whole.subarray(0, 30), 'unexpected end of file'],
      [Buffer.concat([whole, Buffer.from('garbage')]), 'incorrect header check'],
      [Buffer.concat([whole, Buffer.alloc(100)]), 'garbage behind the end'],
      [Buffer.from('no gzip at all'), 'incorrect header check'],
    ] as const;
    for (const [body, reason] of bodies) {
      replaceFile(world, 'first', body);
      expectFailure(await readAll(world), 'first.json.gz', 'cannot be decompressed', reason);
    }
  });

  it('is refused where a file has other items than its manifest says', async () => {
    for (const count of [4, 6]) {
      replaceFile(world, 'first', gzipLines(fullLines(count)));
      const said = `has ${count} items, but its manifest says 5`;
      expectFailure(await readAll(world), 'first.json.gz', said);
    }
    replaceFile(world, 'first', Buffer.alloc(0));
    expectFailure(await readAll(world), 'has 0 items, but its manifest says 5');
  });

  it('is refused where the summary has another sum than the files', async () => {
    replaceText(world, 'manifest-summary.json', '"itemCount":9', '"itemCount":10');
    expectFailure(
      await readAll(world),
      'files of 9 items together',
      'the summary of the export says 10',
    );
  });

  it('is refused where a hash of the manifest is wrong', async () => {
    replaceText(world, 'manifest-files.json', '"md5Checksum":"', '"md5Checksum":"A');
    expectFailure(await readAll(world), 'has the MD5', 'but its manifest says A');
  });

  it('is refused where a file or a manifest is missing', async () => {
    const key = findKey(world, 'first.json.gz');
    world.s3.objects.delete(key);
    expectFailure(await readAll(world), `s3://my-exports/${key} does not exist`);
    layExport(world);
    world.s3.objects.delete(findKey(world, 'manifest-files.json'));
    expectFailure(await readAll(world), 'manifest-files.json does not exist');
  });

  it('is refused by name when it is in the format ION', async () => {
    replaceText(world, 'manifest-summary.json', 'DYNAMODB_JSON', 'ION');
    const outcome = await readAll(world);
    expectFailure(outcome, 'is in the format ION', 'Export the table as DYNAMODB_JSON');
    expect(outcome.rows).to.have.length(0);
  });

  it('is refused when it is of another table', async () => {
    const summary = findKey(world, 'manifest-summary.json');
    const config = {
      ...EXISTING,
      table_options: [{ table: '*', export_manifest: summary }],
    };
    replaceText(world, 'manifest-summary.json', 'table/orders"', 'table/others"');
    const outcome = await readAll(world, { config });
    expectFailure(outcome, 'is of the table arn:aws:dynamodb:us-east-1:123456789012:table/others');
    expectFailure(await readAll(world), 'There is no full export of orders');
  });

  it('is refused where a manifest is none', async () => {
    for (const [name, text] of [
      ['manifest-summary.json', 'no JSON'],
      ['manifest-summary.json', '{"itemCount":1}'],
      ['manifest-files.json', '{"itemCount":9'],
      ['manifest-files.json', '{"itemCount":9,"dataFileS3Key":"x"}'],
      ['manifest-files.json', '[]'],
    ] as const) {
      layExport(world);
      rewrite(world, name, () => Buffer.from(text));
      expectFailure(await readAll(world), name, 'as DynamoDB writes it');
    }
    layExport(world);
    rewrite(world, 'manifest-files.json', (body) => Buffer.concat([body, body]));
    expectFailure(await readAll(world), 'names a data file twice');
  });

  it('is refused with the file and the line where that holds no item', async () => {
    const good = fullLines(5);
    const bad: readonly (readonly [string, string])[] = [
      ['no JSON', 'Line 3 of the file'],
      ['{"Item":{"pk":{"S":"k2"}}', 'Line 3 of the file'],
      ['{"Item":{"pk":{"S":"k2}}}', 'Line 3 of the file'],
      ['{"Other":{"pk":{"S":"k2"}}}', 'Line 3 of the file'],
      ['{"Item":[{"pk":{"S":"k2"}}]}', 'Line 3 of the file'],
      ['{"Item":{"pk":{"S":"k2"}},"x":{}}', 'A line from '],
      ['{"Item":{"pk":"k2","v":{}}}', 'A line from '],
      [`{"Item":{"pk":{"S":"k2"}}}{"Item":{"pk":{"S":"k9"}}}`, 'Line 3 of the file'],
    ];
    for (const [line, said] of bad) {
      replaceFile(world, 'first', gzipLines([...good.slice(0, 2), line, ...good.slice(3)]));
      expectFailure(await readAll(world), said, 'first.json.gz');
    }
  });

  it('is refused without waiting for the rest of the file, though S3 does not send it', async () => {
    const lines = ['no JSON', ...fullLines(60_000)].map((line) => `${line}\n`).join('');
    replaceFile(world, 'first', gzipSync(lines, { level: 0 }));
    const later: string[] = [];
    world.s3.refuse = (_, { headers: { range = '' } }) => {
      if (!range.startsWith('bytes=1048576-')) return undefined;
      later.push(range);
      return { status: 503, code: 'SlowDown', message: 'Reduce your request rate.' };
    };
    expectFailure(await readAll(world), 'Line 1 of the file', 'first.json.gz');
    expect(later).to.not.deep.equal([]);
    world.s3.refuse = () => undefined;
    layExport(world);
    expect((await readAll(world)).rows).to.have.length(9);
  });

  it('is refused with the file and the line where that holds no change', async () => {
    const bad = [
      '{"Keys":{"pk":{"S":"k0"}},"NewImage":{"pk":{"S":"k0"}}}',
      '{"Metadata":{"WriteTimestampMicros":{"N":"x"}},"Keys":{"pk":{"S":"k0"}}}',
      '{"Metadata":{"WriteTimestampMicros":{"N":"1"}},"NewImage":{"pk":{"S":"k0"}}}',
      '{"Metadata":{"WriteTimestampMicros":{"N":"1"}},"Keys":null}',
      '{"Item":{"pk":{"S":"k0"}}}',
    ];
    for (const line of bad) {
      layWindow(world, [line]);
      const outcome = await readAll(world);
      expectFailure(outcome, 'Line 1 of the file', 'window0.json.gz');
      // The full export before it is read, and stays so.
      expect(outcome.rows).to.have.length(9);
      expect(outcome.states.at(-1)).to.include({ until: '2026-10-31T12:00:00Z' });
    }
  });

  it('fails when a file is replaced while it is read', async () => {
    const long = fullLines(60_000).map((line, index) =>
      line.replace('}}}', `},"x":{"S":"${Math.sin(index)}${Math.cos(index)}${Math.tan(index)}"}}}`),
    );
    layExport(world, { files: [{ name: 'long', lines: long }] });
    const key = findKey(world, 'long.json.gz');
    world.s3.refuse = (asked, { headers }) => {
      if (asked === key && headers.range?.startsWith('bytes=1048576-') === true) {
        world.s3.objects.set(key, gzipSync('another'));
      }
      return undefined;
    };
    const { error } = await readAll(world);
    expect(error?.message).to.include('was replaced while it was being read');
  });
});
