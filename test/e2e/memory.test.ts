import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { awsError, startFakeAws, successBytes, type FakeAws } from '../support/fake-aws.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { writeText } from '../support/temp-files.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEMS_PER_PAGE = 5_000;
const MOST_MIB = 150;
const LARGEST_GROWTH = 1.15;
const TIMEOUT_MS = 120_000;
/**
 * Loaded into the connector: it writes the largest resident set, in KiB, when the process ends. Linux counts in a
 * process's own maxRSS what its parent had when it started it.
 */
const WRITE_PEAK = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const STATUS = '/proc/self/status';
process.on('exit', () => {
  const peak = existsSync(STATUS)
    ? /^VmHWM:\\s*(\\d+)/m.exec(readFileSync(STATUS, 'latin1'))[1]
    : process.resourceUsage().maxRSS;
  writeFileSync(process.env.PEAK_FILE, String(peak));
});
`;

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

  /** Peak resident memory of reading a table of so many small items. */
  async function peakMiB(itemCount: number): Promise<number> {
    serveTable(aws, 't', itemCount);
    const peakFile = await writeText('', '');
    const env = {
      NODE_OPTIONS: `--require=${await writeText(WRITE_PEAK, '.cjs')}`,
      PEAK_FILE: peakFile,
    };
    const input = { config: engineConfig(aws), catalog: numberedCatalog('t') };
    const run = await read(input, { env, discardRecords: true });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(run.recordCount('t')).to.equal(itemCount);
    return Number(await readFile(peakFile, 'utf8')) / 1024;
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

/** How many pages came before a start key. */
function pageOf(startKey: JsonObject | undefined): number {
  const pk = startKey?.pk;
  return isJsonObject(pk) ? Number(pk.S) : 0;
}
