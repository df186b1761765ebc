/**
 * Starts fakes of DynamoDB, its Streams and exports, and S3, with what `try_changes.py` reads: two tables with change
 * streams, one of them of another account, and a bucket with an export. Prints where they are as one line of JSON and
 * stays until SIGTERM. The fakes know one access key and allow it everything: gate.py stands before them.
 */
import { once } from 'node:events';
import { startFakeAws } from '../support/fake-aws.ts';
import { fullLine, writeExport } from '../support/fake-exports/export-writer.ts';
import { fakeExports } from '../support/fake-exports/fake-exports.ts';
import { startFakeS3 } from '../support/fake-exports/fake-s3.ts';
import { TableHistory } from '../support/fake-exports/table-history.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';

const TABLE = 'orders';
const OTHER_ACCOUNT = '210987654321';
const DAY_MS = 24 * 60 * 60_000;
const ITEMS = { a: { v: { N: '1' } }, b: { v: { N: '2' } }, c: { v: { N: '3' } } };

const aws = await startFakeAws();
const s3 = await startFakeS3(aws.secretAccessKey);
const own = new ChangingTable(aws, { name: TABLE, items: ITEMS });
const shared = new ChangingTable(aws, {
  ...{ name: 'shared', account: OTHER_ACCOUNT, items: ITEMS },
  // The policy in docs/iam.md names it.
  streamMadeAt: Date.parse('2026-11-26T12:00:00Z'),
});

const yesterday = Date.now() - DAY_MS;
const history = new TableHistory();
Object.keys(ITEMS).forEach((key, index) => history.put(1000 * yesterday, key, index + 1));
fakeExports({
  ...{ aws, table: TABLE, history, objects: s3.objects, now: Date.now },
  ...{ durationMs: 0, files: 2 },
});
const time = yesterday + 1;
const lines = [...history.asOf(1000 * time).values()].map(fullLine);
writeExport(s3.objects, {
  ...{ prefix: 'airbyte', bucket: s3.bucket, id: '01715685260608-c488b4e1', tableArn: own.arn },
  ...{ scope: { kind: 'full', time }, startTime: time, files: [{ name: 'data', lines }] },
});

const { endpoint, accessKeyId, secretAccessKey } = aws;
const streams = { own: own.stream.arn, shared: shared.stream.arn };
process.stdout.write(
  `${JSON.stringify({ endpoint, s3Endpoint: s3.endpoint, accessKeyId, secretAccessKey, streams })}\n`,
);
const keepAlive = setInterval(() => undefined, DAY_MS);
await once(process, 'SIGTERM');
clearInterval(keepAlive);
await s3.stop();
await aws.stop();
