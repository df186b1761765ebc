import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { isEachOnce, numberedCatalog, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

const ITEMS = 400;
/** A read unit strongly consistent. */
const ITEM_BYTES = 4096;
/** A budget makes more and smaller pages of the same work. */
const WORK_SHARE = 5;
const UNPACED = 'unpaced';

describe('a read budget', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.stop());

  function addTable(description: JsonObject = {}): void {
    const items = Array.from({ length: ITEMS }, (_, n) => {
      const start = `{"pk":{"S":"item-${n}"},"n":{"N":"${n}"},"padding":{"S":"`;
      return `${start}${'x'.repeat(ITEM_BYTES - start.length - 3)}"}}`;
    });
    for (const name of ['t', UNPACED]) {
      aws.addTable({ name, items, partitionKey: { name: 'pk', type: 'S' }, description });
    }
  }

  /** How long a read takes within a budget, and one without a budget beside it: the work, as fast as this machine is. */
  async function timeReads(scan: JsonObject): Promise<{ paced: number; work: number }> {
    const [paced, work] = await Promise.all([timeRead('t', scan), timeRead(UNPACED, {})]);
    return { paced, work };
  }

  async function timeRead(table: string, scan: JsonObject): Promise<number> {
    const config = engineConfig(aws, { scan });
    const run = await read({ config, catalog: numberedCatalog(table) });
    expect(run.exitCode, run.text).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEMS)).to.equal(true);
    const times = run.traces.flatMap((trace) =>
      trace.type === 'STREAM_STATUS' ? [trace.emitted_at] : [],
    );
    return Math.max(...times) - Math.min(...times);
  }

  // Four seconds, for the first second's units are there at the start but the last pages are paid in advance.
  const LIMITS: readonly (readonly [string, JsonObject, JsonObject])[] = [
    ['units a second', { max_read_capacity_units: 100 }, {}],
    [
      'percent of the provisioned capacity',
      { read_capacity_percent: 25 },
      { ProvisionedThroughput: { ReadCapacityUnits: 400, WriteCapacityUnits: 1 } },
    ],
    [
      'percent of the on-demand maximum',
      { read_capacity_percent: 50 },
      { OnDemandThroughput: { MaxReadRequestUnits: 200, MaxWriteRequestUnits: -1 } },
    ],
    [
      'percent of the warm throughput, or units where they are fewer',
      { read_capacity_percent: 50, max_read_capacity_units: 100 },
      { WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000 } },
    ],
  ];
  for (const [name, scan, description] of LIMITS) {
    it(`in ${name} is held by all segments together`, async () => {
      addTable(description);
      const { paced, work } = await timeReads(scan);
      expect(paced).to.be.within(3300, 5000 + WORK_SHARE * work);
      const limits = aws
        .requestsTo('Scan')
        .flatMap(({ input }) => (input.TableName === 't' ? [Number(input.Limit)] : []));
      expect(Math.max(...limits), 'items a page').to.be.within(50, 125);
    });
  }

  it('is half as many seconds for eventually consistent reads', async () => {
    addTable();
    const scan = { max_read_capacity_units: 100, consistent_read: false };
    const { paced, work } = await timeReads(scan);
    expect(paced).to.be.within(1300, 2500 + WORK_SHARE * work);
  });

  it('in percent of a capacity that nobody tells is a config error', async () => {
    addTable();
    const config = engineConfig(aws, { scan: { read_capacity_percent: 10 } });
    const { connectionStatus } = await runCommand('check', config);
    expect(connectionStatus?.status).to.equal('FAILED');
    expect(connectionStatus?.message).to.include('"max_read_capacity_units"');
  });
});
