import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { Engine } from '../support/engine.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local-engine.ts';
import { createTable, putItems } from '../support/seed.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const LARGE_COUNT = 120_000;
const SMALL_COUNT = 300;
const LOCAL_COUNT = 3_000;
/** DynamoDB Local starts and is filled within it. */
const LOCAL_TIMEOUT_MS = 120_000;

describe('a read without interruption', () => {
  let aws: FakeAws;

  before(async () => {
    const tables = [
      numberedTable('large', LARGE_COUNT, 1000),
      numberedTable('small', SMALL_COUNT, 10),
      numberedTable('empty', 0, 10),
    ];
    aws = await startFakeAws({ tables });
  });
  after(() => aws.stop());

  it('brings each of 120,000 items once in four segments', async () => {
    const run = await read({ config: engineConfig(aws), catalog: numberedCatalog('large') });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), LARGE_COUNT)).to.equal(true);
    const segments = new Set(aws.requestsTo('Scan').map((request) => request.input.Segment));
    expect([...segments].sort()).to.deep.equal([0, 1, 2, 3]);
    expect(run.statuses('large')).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
    expect(run.statesOf('large').at(-1)?.stream.stream_state).to.deep.equal({
      scan_complete: true,
    });
  });

  for (const [segments, asked] of [
    [1, 1],
    [7, 7],
    [200, 200],
    [0, 4],
  ] as const) {
    it(`brings each item once when segments is ${segments}`, async () => {
      const before = aws.requestsTo('Scan').length;
      const config = engineConfig(aws, { scan: { segments } });
      const run = await read({ config, catalog: numberedCatalog('small') });
      expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
      expect(isEachOnce(numbersIn(run), SMALL_COUNT)).to.equal(true);
      const totals = aws
        .requestsTo('Scan')
        .slice(before)
        .map((scan) => scan.input.TotalSegments);
      const segmentsBySize = segments === 0 ? 1 : asked;
      expect(new Set(totals)).to.deep.equal(new Set([segmentsBySize]));
    });
  }

  it('scans a table of unknown size in four segments when segments is 0', async () => {
    aws.addTable({ ...numberedTable('new', SMALL_COUNT, 10), itemCount: 0, tableSizeBytes: 0 });
    const config = engineConfig(aws, { scan: { segments: 0 } });
    const run = await read({ config, catalog: numberedCatalog('new') });
    expect(isEachOnce(numbersIn(run), SMALL_COUNT)).to.equal(true);
    expect(aws.requestsTo('Scan').at(-1)?.input.TotalSegments).to.equal(4);
  });

  it('asks for no more items a page than page_size', async () => {
    const before = aws.requestsTo('Scan').length;
    const config = engineConfig(aws, { scan: { segments: 2, page_size: 7 } });
    const run = await read({ config, catalog: numberedCatalog('small') });
    expect(isEachOnce(numbersIn(run), SMALL_COUNT)).to.equal(true);
    const limits = aws
      .requestsTo('Scan')
      .slice(before)
      .map((scan) => scan.input.Limit);
    expect(new Set(limits)).to.deep.equal(new Set([7]));
    expect(limits.length).to.be.at.least(Math.ceil(SMALL_COUNT / 7));
  });

  for (const consistent of [true, false]) {
    it(`reads with ConsistentRead ${String(consistent)} as configured`, async () => {
      const before = aws.requestsTo('Scan').length;
      const config = engineConfig(aws, { scan: { consistent_read: consistent } });
      await read({ config, catalog: numberedCatalog('small') });
      const asked = aws
        .requestsTo('Scan')
        .slice(before)
        .map((scan) => scan.input.ConsistentRead);
      expect(new Set(asked)).to.deep.equal(new Set([consistent]));
    });
  }

  it('completes an empty table with a state and without records', async () => {
    const run = await read({ config: engineConfig(aws), catalog: numberedCatalog('empty') });
    expect(run.exitCode).to.equal(0);
    expect(run.recordStreams).to.deep.equal([]);
    expect(run.statuses('empty')).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
    expect(run.statesOf('empty')).to.have.length(1);
  });
});

if (findDynamoDbLocal() !== undefined) {
  describe('a read of DynamoDB Local', () => {
    let engine: Engine;

    before(async function () {
      this.timeout(LOCAL_TIMEOUT_MS);
      engine = await startDynamoDbLocal();
      await createTable(engine, { name: 'numbered', partitionKey: { name: 'pk', type: 'S' } });
      const items = Array.from({ length: LOCAL_COUNT }, (_, n) => ({
        pk: { S: `item-${n}` },
        n: { N: String(n) },
      }));
      await putItems(engine, 'numbered', items);
    });
    after(() => engine.stop());

    for (const segments of [1, 4, 7]) {
      it(`brings each item once in ${segments} segments`, async () => {
        const config = engineConfig(engine, { scan: { segments, page_size: 100 } });
        const run = await read({ config, catalog: await discover(config) });
        expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
        expect(isEachOnce(numbersIn(run), LOCAL_COUNT)).to.equal(true);
      });
    }

    it('brings each item once after a resume in the middle', async () => {
      const scan = { segments: 4, page_size: 100 };
      const config = engineConfig(engine, { scan, checkpoint_target_interval_seconds: 0 });
      const catalog = await discover(config);
      const whole = await read({ config, catalog });
      const states = whole.statesOf('numbered');
      const middle = states.length >> 1;
      const rest = await read({ config, catalog, state: [states[middle]] });
      const covered = states
        .slice(0, middle + 1)
        .reduce((sum, state) => sum + (state.sourceStats?.recordCount ?? 0), 0);
      const numbers = [...numbersIn(whole).slice(0, covered), ...numbersIn(rest)];
      expect(covered).to.be.within(1, LOCAL_COUNT - 1);
      expect(isEachOnce(numbers, LOCAL_COUNT)).to.equal(true);
    });
  });
}
