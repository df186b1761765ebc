import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CONNECTOR_PATH } from '../support/connector.ts';
import { startFakeAws } from '../support/fake-aws.ts';
import { fakeExports } from '../support/fake-exports/fake-exports.ts';
import { listFile } from '../support/fake-exports/export-writer.ts';
import { startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { writeExport } from '../support/fake-exports/export-writer.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import { listenLocally } from '../support/listen.ts';
import { writeJson } from '../support/temp-files.ts';
import { measure, type Measurement } from './measure.ts';
import { SHAPES } from './shapes.ts';

// Reads an export of many items from an S3 on this machine, and compares that with fetching and inflating alone.
//   node dist/test/bench/exports.js [MILLION_ITEMS] [ROUNDS]
const [millions = 10, rounds = 2] = process.argv.slice(2).map(Number);
const ITEMS_A_FILE = 100_000;
const FILES = Math.round((millions * 1_000_000) / ITEMS_A_FILE);
const CONCURRENCY = 4;
const TIME = Date.parse('2026-10-31T12:00:00Z');
const MIB = 1024 ** 2;
const FLOOR = fileURLToPath(new URL('./exports-floor.js', import.meta.url));

const lines = Array.from(
  { length: ITEMS_A_FILE },
  (_, index) => `{"Item":${SHAPES.mixed.render(index)}}\n`,
).join('');
const body = gzipSync(lines);
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
// One file, under as many names as there are files.
const listed = Array.from({ length: FILES }, (_, index) => {
  const key = `data/${index}.json.gz`;
  s3.objects.set(key, body);
  return `${JSON.stringify(listFile(key, body, ITEMS_A_FILE))}\n`;
});
s3.objects.set(summary.replace('summary', 'files'), Buffer.from(listed.join('')));
const text = String(s3.objects.get(summary)).replace(
  '"itemCount":0',
  `"itemCount":${FILES * ITEMS_A_FILE}`,
);
s3.objects.set(summary, Buffer.from(text));
const plain = createServer((_, response) => response.end(body));
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
const program = process.execPath;
const source = {
  program,
  args: [CONNECTOR_PATH, 'read', '--config', config, '--catalog', catalog],
  env: { AWS_EC2_METADATA_DISABLED: 'true' },
};
const floor = {
  program,
  args: [FLOOR, `http://127.0.0.1:${port}`, String(FILES), String(CONCURRENCY)],
};

const total = (lines.length * FILES) / 1e6;
process.stdout.write(
  `${FILES} files of ${ITEMS_A_FILE} items: ${total.toFixed(0)} MB, compressed ${((body.length * FILES) / 1e6).toFixed(0)} MB\n`,
);
for (let round = 0; round < rounds; round++) {
  const least = await measure(floor);
  const read = await measure(source);
  if (read.records !== FILES * ITEMS_A_FILE) throw new Error(`${read.records} records`);
  print('fetch and inflate', least);
  print('source-dynamodb', read);
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
