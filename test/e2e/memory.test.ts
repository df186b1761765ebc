import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { awsError, startFakeAws, successBytes, type FakeAws } from '../support/fake-aws.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { writeText } from '../support/temp-files.ts';
import { numberedCatalog, numberedStream, numberedTable } from './support/numbered-table.ts';
import { WRITE_PEAK } from './support/peak-memory.ts';
import { engineConfig, read, type ReadInput } from './support/source-runs.ts';

const ITEMS_PER_PAGE = 5_000;
const MOST_MIB = 150;
const MOST_MIB_OF_WIDE_TABLES = 220;
const LARGEST_GROWTH = 1.15;
/** An item of 50 KB on the wire, and how many of it make a page; what DynamoDB counts for them is 1 MB. */
const LONG_PAGES = [
  { what: 'lists of small numbers', element: '{"N":"1"}', items: 70 },
  { what: 'lists of booleans', element: '{"BOOL":true}', items: 145 },
] as const;
const LONG_ITEM_BYTES = 50_000;
const TIMEOUT_MS = 120_000;

describe('the memory of a read', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws();
  });
  after(() => aws.stop());

  it('does not grow with the table, and stays below 150 MiB', async () => {
    const small = await peakMiB(100_000);
    const large = await peakMiB(1_000_000);
    process.stdout.write(
      `      ${small.toFixed(0)} MiB for 100,000 items, ${large.toFixed(0)} MiB for 1,000,000\n`,
    );
    expect(large).to.be.below(MOST_MIB);
    expect(large / small).to.be.below(LARGEST_GROWTH);
  }).timeout(TIMEOUT_MS);

  for (const { what, element, items } of LONG_PAGES) {
    const megabytes = (items * LONG_ITEM_BYTES) / 1e6;
    for (const [segments, tables, most] of [
      [4, 1, MOST_MIB],
      [4, 4, MOST_MIB],
      [64, 4, MOST_MIB_OF_WIDE_TABLES],
    ] as const) {
      it(`stays below ${most} MiB with pages of ${megabytes} MB, ${what}, in ${segments} segments of ${tables} tables`, async () => {
        const names = Array.from({ length: tables }, (_, index) => `long-${index}`);
        const pagesPerSegment = segments > 4 ? 2 : 16;
        for (const name of names) aws.addTable(numberedTable(name, 0, 1));
        serveLongPages(aws, { element, items, pagesPerSegment });
        const config = engineConfig(aws, { scan: { segments } });
        const { run, mebibytes } = await measureRead({
          config,
          catalog: { streams: names.map((name) => numberedStream(name)) },
        });
        for (const name of names) {
          expect(run.recordCount(name)).to.equal(items * pagesPerSegment * segments);
          aws.removeTable(name);
        }
        process.stdout.write(`      ${mebibytes.toFixed(0)} MiB\n`);
        expect(mebibytes).to.be.below(most);
      }).timeout(TIMEOUT_MS);
    }
  }

  /** Peak resident memory of reading a table of so many small items. */
  async function peakMiB(itemCount: number): Promise<number> {
    serveTable(aws, 't', itemCount);
    const input = { config: engineConfig(aws), catalog: numberedCatalog('t') };
    const { run, mebibytes } = await measureRead(input);
    expect(run.recordCount('t')).to.equal(itemCount);
    return mebibytes;
  }

  async function measureRead(input: ReadInput) {
    const peakFile = await writeText('', '');
    const env = {
      NODE_OPTIONS: `--require=${await writeText(WRITE_PEAK, '.cjs')}`,
      PEAK_FILE: peakFile,
    };
    const run = await read(input, { env, discardRecords: true });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    return { run, mebibytes: Number(await readFile(peakFile, 'utf8')) / 1024 };
  }
});

/** Serves pages of the same items over and over, so that a large table takes no memory here. */
function serveTable(aws: FakeAws, name: string, itemCount: number): void {
  aws.addTable({ ...numberedTable(name, 0, 1), itemCount });
  const items = numberedTable(name, ITEMS_PER_PAGE, 1).items.join(',');
  aws.on('Scan', ({ TotalSegments, ExclusiveStartKey }) => {
    if (typeof TotalSegments !== 'number') return awsError('ValidationException', 'no segments');
    const pages = itemCount / ITEMS_PER_PAGE / TotalSegments;
    const page = 1 + pageOf(ExclusiveStartKey as JsonObject | undefined);
    const key = page < pages ? `,"LastEvaluatedKey":{"pk":{"S":"${page}"}}` : '';
    return successBytes(Buffer.from(`{"Count":${ITEMS_PER_PAGE},"Items":[${items}]${key}}`));
  });
}

/** Serves each segment so many pages of long items, lists of the same element. */
function serveLongPages(
  aws: FakeAws,
  page: { readonly element: string; readonly items: number; readonly pagesPerSegment: number },
): void {
  const { element, items, pagesPerSegment } = page;
  const list = Array(Math.floor(LONG_ITEM_BYTES / (element.length + 1))).fill(element);
  const item = `{"pk":{"S":"k"},"n":{"L":[${list.join(',')}]}}`;
  const replies = Array.from({ length: pagesPerSegment }, (_, index) => {
    const isLast = index + 1 === pagesPerSegment;
    const key = isLast ? '' : `,"LastEvaluatedKey":{"pk":{"S":"${index + 1}"}}`;
    const text = `{"Count":${items},"Items":[${Array(items).fill(item).join(',')}]${key}}`;
    return successBytes(Buffer.from(text));
  });
  aws.on('Scan', ({ ExclusiveStartKey }) => {
    const reply = replies[pageOf(ExclusiveStartKey as JsonObject | undefined)];
    return reply ?? awsError('ValidationException', 'no such page');
  });
}

/** How many pages came before a start key. */
function pageOf(startKey: JsonObject | undefined): number {
  const pk = startKey?.pk;
  return isJsonObject(pk) ? Number(pk.S) : 0;
}
