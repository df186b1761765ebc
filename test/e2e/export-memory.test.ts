import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { type BenchFile, renderExportFiles } from '../bench/export-data.ts';
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { fakeExports } from '../support/fake-exports/fake-exports.ts';
import { etagOf, listFile, writeExport } from '../support/fake-exports/export-writer.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import { writeText } from '../support/temp-files.ts';
import { numberedStream } from './support/numbered-table.ts';
import { WRITE_PEAK } from './support/peak-memory.ts';
import { engineConfig, read } from './support/source-runs.ts';

const TABLES = ['a', 'b', 'c', 'd'];
// What is in flight does not grow with the files: each is fetched in several parts.
const FILES_A_TABLE = 5;
const ITEMS_A_FILE = 30_000;
const TIME = Date.parse('2026-10-31T12:00:00Z');
const MOST_MIB = 150;
const TIMEOUT_MS = 120_000;

describe('the memory of a read of exports', () => {
  let aws: FakeAws;
  let s3: FakeS3;
  let file: BenchFile;

  before(async () => {
    const key = { name: 'pk', type: 'S' as const };
    aws = await startFakeAws({
      tables: TABLES.map((name) => ({ name, partitionKey: key, items: [] })),
    });
    s3 = await startFakeS3(aws.secretAccessKey);
    const [rendered] = await renderExportFiles('lifelike', 1, ITEMS_A_FILE);
    if (rendered === undefined) return expect.fail('no file');
    file = rendered;
    TABLES.forEach((table, index) => {
      layExport(table, index);
    });
  });
  after(async () => {
    await s3.stop();
    await aws.stop();
  });

  /** An export of one file under several names. */
  function layExport(table: string, index: number): void {
    const { tableArn } = fakeExports({
      ...{ aws, table, history: new TableHistory(), objects: s3.objects, now: Date.now },
      ...{ durationMs: 0, files: 1 },
    });
    const scope = { kind: 'full', time: TIME } as const;
    const summary = writeExport(s3.objects, {
      ...{ prefix: '', bucket: s3.bucket, id: `0${TIME + index}-c488b4e1`, tableArn, scope },
      ...{ startTime: TIME, files: [] },
    });
    const lines = Array.from({ length: FILES_A_TABLE }, (_, number) => {
      const key = `data/${table}${number}.json.gz`;
      s3.objects.set(key, file.body);
      s3.etags.set(key, etagOf(file.body));
      return `${JSON.stringify(listFile(key, file.body, ITEMS_A_FILE))}\n`;
    });
    s3.objects.set(summary.replace('summary', 'files'), Buffer.from(lines.join('')));
    const total = FILES_A_TABLE * ITEMS_A_FILE;
    const text = String(s3.objects.get(summary)).replace('"itemCount":0', `"itemCount":${total}`);
    s3.objects.set(summary, Buffer.from(text));
  }

  it(`stays below ${MOST_MIB} MiB with four tables side by side`, async () => {
    const script = await writeText(WRITE_PEAK, '.cjs');
    const peakFile = await writeText('', '');
    const config = engineConfig(aws, {
      ...{ s3_endpoint: s3.endpoint, export: { s3_bucket: s3.bucket }, concurrent_streams: 4 },
      replication_method: { method: 'Export', exports: 'Use existing' },
    });
    const catalog = { streams: TABLES.map((name) => numberedStream(name)) };
    const env = { NODE_OPTIONS: `--require=${script}`, PEAK_FILE: peakFile };
    const run = await read({ config, catalog }, { env, discardRecords: true });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    const mebibytes = Number(await readFile(peakFile, 'utf8')) / 1024;
    process.stdout.write(`      ${mebibytes.toFixed(0)} MiB\n`);
    for (const table of TABLES) {
      expect(run.recordCount(table)).to.equal(FILES_A_TABLE * ITEMS_A_FILE);
    }
    expect(mebibytes).to.be.within(1, MOST_MIB);
  }).timeout(TIMEOUT_MS);
});
