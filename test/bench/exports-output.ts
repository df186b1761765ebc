import { gunzipSync } from 'node:zlib';
import { DescriptorOutput } from '../../src/protocol/descriptor-output.ts';
import { createRecordLine } from '../../src/protocol/record-line.ts';
import { TranscoderEngine } from '../../src/records/transcoder-engine.ts';
import type { ItemBytes } from '../../src/item-page.ts';
import { CdcColumns } from '../../src/strategies/cdc-columns.ts';
import { FullLines } from '../../src/strategies/export/files/full-lines.ts';
import { readLines } from '../../src/strategies/export/files/line-reader.ts';

// What remains when nothing has to be fetched and inflated: pages of one file that lie in memory are transcoded and
// written again and again, as often as all files have bytes.
const [url = '', files = '0'] = process.argv.slice(2);
const PAGE_BYTES = 1 << 20;
const PAGES = 16;
const LINE_END = 0x0a;
const TIME = '2026-10-31T12:00:00.000Z';

const engine = new TranscoderEngine({ pageBytes: 2 * PAGES * PAGE_BYTES, sessions: 1 });
const session = engine.openSession({
  line: createRecordLine({ name: 'orders' }),
  config: {
    ...{ format: 'columns', nestedValues: 'json', numberValues: 'number' },
    unlistedAttributes: 'emit',
  },
  ...{ listed: undefined, keys: ['pk', 'sk'] },
});
const columns = new CdcColumns(() => true).write({ cursor: 1, updatedAt: TIME });
const response = await fetch(`${url}/0`);
const lines = gunzipSync(await response.arrayBuffer());
const output = new DescriptorOutput(1, () => process.stdout);
const pages = cutPages();
const total = lines.length * Number(files);
let written = Promise.resolve();
for (let bytes = 0, index = 0; bytes < total; index++) {
  const page = pages[index % pages.length];
  if (page === undefined) break;
  bytes += page.bytes.length;
  const lent = await engine.lendOutput();
  const records = session.transcode(page, lent, Date.now());
  await written;
  written = new Promise((resolve, reject) => {
    output.write(records.lines, (error) => {
      lent.release();
      if (error) reject(error);
      else resolve();
    });
  });
}
await written;

function cutPages(): ItemBytes[] {
  const cut: ItemBytes[] = [];
  for (let start = 0; cut.length < PAGES && start < lines.length;) {
    const end = lines.lastIndexOf(LINE_END, start + PAGE_BYTES) + 1;
    const bytes = engine.pages.lend(end - start);
    if (bytes === undefined) break;
    lines.copy(bytes, 0, start, end);
    const page = bytes.subarray(0, end - start);
    const cutter = new FullLines(columns);
    readLines(page, cutter);
    cut.push({ bytes: page, runs: cutter.runs });
    start = end;
  }
  return cut;
}
