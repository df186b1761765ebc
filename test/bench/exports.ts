import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { CONNECTOR_PATH } from '../support/connector.ts';
import { startFakeAws } from '../support/fake-aws.ts';
import { fakeExports } from '../support/fake-exports/fake-exports.ts';
import { etagOf, listFile } from '../support/fake-exports/export-writer.ts';
import { startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { writeExport } from '../support/fake-exports/export-writer.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import { listenLocally } from '../support/listen.ts';
import { writeJson } from '../support/temp-files.ts';
import { EXPORT_KINDS, type ExportKind, renderExportFiles } from './export-data.ts';
import { measure, type Measurement } from './measure.ts';

// Reads an export of many items from an S3 on this machine, and compares that with fetching and inflating alone, and with
// transcoding and writing alone.
//   node dist/test/bench/exports.js [MILLION_ITEMS] [ROUNDS] [lifelike|counted] [NODE]
const [millionItems = '10', roundCount = '2', kind = 'lifelike', node = process.execPath] =
  process.argv.slice(2);
const rounds = Number(roundCount);
if (!isKind(kind)) throw new Error(`Choose one of ${EXPORT_KINDS.join(', ')}.`);
const ITEMS_A_FILE = 100_000;
const FILES = Math.round((Number(millionItems) * 1_000_000) / ITEMS_A_FILE);
// They repeat under other names: more than the caches hold.
const DIFFERENT_FILES = Math.min(FILES, 6);
const CONCURRENCY = 4;
const TIME = Date.parse('2026-10-31T12:00:00Z');
const MIB = 1024 ** 2;
const FLOOR = fileURLToPath(new URL('./exports-floor.js', import.meta.url));
const OUTPUT = fileURLToPath(new URL('./exports-output.js', import.meta.url));

const bodies = await renderExportFiles(kind, DIFFERENT_FILES, ITEMS_A_FILE);
const aws = await startFakeAws({
  tables: [{ name: 'orders', partitionKey: { name: 'pk', type: 'S' }, items: [] }],
});
const s3 = await startFakeS3(aws.secretAccessKey);
const { tableArn } = fakeExports({
  ...{ aws, table: 'orders', history: new TableHistory(), objects: s3.objects, now: Date.now },
  ...{ durationMs: 0, files: 1 },
});
const scope = { kind: 'full', time: TIME } as const;
const summary = writeExport(s3.objects, {
  ...{ prefix: '', bucket: s3.bucket, id: `0${TIME}-c488b4e1`, tableArn, scope, startTime: TIME },
  files: [],
});
let total = 0;
let compressed = 0;
const listed = Array.from({ length: FILES }, (_, index) => {
  const { body, bytes } = fileAt(index);
  const key = `data/${index}.json.gz`;
  s3.objects.set(key, body);
  // Or else it would be worked out for each request.
  s3.etags.set(key, etagOf(body));
  total += bytes / 1e6;
  compressed += body.length / 1e6;
  return `${JSON.stringify(listFile(key, body, ITEMS_A_FILE))}\n`;
});
s3.objects.set(summary.replace('summary', 'files'), Buffer.from(listed.join('')));
const text = String(s3.objects.get(summary)).replace(
  '"itemCount":0',
  `"itemCount":${FILES * ITEMS_A_FILE}`,
);
s3.objects.set(summary, Buffer.from(text));
const plain = createServer(({ url }, response) => response.end(fileAt(Number(url?.slice(1))).body));
const port = await listenLocally(plain);

const config = await writeJson({
  ...{ region: aws.region, endpoint: aws.endpoint, s3_endpoint: s3.endpoint },
  credentials: {
    auth_type: 'User',
    access_key_id: aws.accessKeyId,
    secret_access_key: aws.secretAccessKey,
  },
  replication_method: { method: 'Export', exports: 'Use existing' },
  export: { s3_bucket: s3.bucket },
});
const catalog = await writeJson({
  streams: [{ stream: { name: 'orders' }, sync_mode: 'full_refresh' }],
});
const program = node;
const source = {
  program,
  args: [CONNECTOR_PATH, 'read', '--config', config, '--catalog', catalog],
  env: { AWS_EC2_METADATA_DISABLED: 'true' },
};
const floor = {
  program,
  args: [FLOOR, `http://127.0.0.1:${port}`, String(FILES), String(CONCURRENCY)],
};

const output = { program, args: [OUTPUT, `http://127.0.0.1:${port}`, String(FILES)] };

process.stdout.write(
  `${FILES} files of ${ITEMS_A_FILE} ${kind} items: ${total.toFixed(0)} MB, compressed ${compressed.toFixed(0)} MB, ${(total / compressed).toFixed(1)} to 1\n`,
);
for (let round = 0; round < rounds; round++) {
  const least = await measure(floor);
  const read = await measure(source);
  if (read.records !== FILES * ITEMS_A_FILE) throw new Error(`${read.records} records`);
  print('fetch and inflate', least);
  print('source-dynamodb', read);
  print('transcode and write', await measure(output));
  process.stdout.write(
    `share of the floor's rate: ${(least.wallSeconds / read.wallSeconds).toFixed(2)}\n`,
  );
}
plain.close();
plain.closeAllConnections();
await s3.stop();
await aws.stop();

function print(name: string, { wallSeconds, cpuSeconds, peakBytes }: Measurement): void {
  const rate = (total / wallSeconds).toFixed(0);
  const records = ((FILES * ITEMS_A_FILE) / wallSeconds / 1000).toFixed(0);
  process.stdout.write(
    `${name}: ${wallSeconds.toFixed(1)} s, ${rate} MB/s, ${records}k items/s, ${cpuSeconds.toFixed(1)} s of CPU, peak ${(peakBytes / MIB).toFixed(0)} MiB\n`,
  );
}

function fileAt(index: number): (typeof bodies)[number] {
  const file = bodies[index % DIFFERENT_FILES];
  if (file === undefined) throw new Error('There is no file.');
  return file;
}

function isKind(name: string): name is ExportKind {
  return EXPORT_KINDS.some((one) => one === name);
}
