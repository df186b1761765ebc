import { expect } from 'chai';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { describeTable } from '../../../../src/aws/dynamodb/tables.ts';
import { SystemError } from '../../../../src/errors.ts';
import { createRecordLine } from '../../../../src/protocol/record-line.ts';
import { TranscoderEngine } from '../../../../src/records/transcoder-engine.ts';
import { ScanProgress } from '../../../../src/strategies/scan/scan-progress.ts';
import { settleScan } from '../../../../src/strategies/scan/scan-settings.ts';
import { MOST_PAGES, ScanStrategy } from '../../../../src/strategies/scan/scan-strategy.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import { hang, startFakeAws, successBytes, type FakeAws } from '../../../support/fake-aws.ts';
import { openConnection } from '../../aws/open-connection.ts';

const NO = new AbortController().signal;

describe('a scan', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 10, 1)] });
    connection = await openConnection(aws);
  });
  afterEach(() => {
    connection.close();
    return aws.stop();
  });

  async function createScan(
    segments = 2,
    engine = new TranscoderEngine({ pages: 0, sessions: 1 }),
  ): Promise<ScanStrategy> {
    const { region } = aws;
    const credentials = { auth_type: 'Role' };
    const config = parseConfig({ region, credentials, scan: { segments } });
    const table = await describeTable(connection, { name: 'orders', reference: 'orders' }, NO);
    const line = createRecordLine({ name: 'orders' });
    return new ScanStrategy({
      connection,
      settings: settleScan(config.scan, table),
      progress: new ScanProgress(segments),
      engine,
      records: { line, config: config.records, listed: undefined, keys: ['pk'] },
      onRetry: () => undefined,
      onRateLimit: () => undefined,
    });
  }

  it('does not wait for the other segment when an item of one is damaged', async () => {
    aws.on('Scan', ({ Segment }) =>
      Segment === 0 ? successBytes(Buffer.from('{"Items":[{"pk":{"X":"a"}}]}')) : hang().reply,
    );
    const error = await firstBatchOf(await createScan()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(SystemError);
  }).timeout(5000);

  it('gives every slot back, however it ends', async () => {
    const engine = new TranscoderEngine({ pages: MOST_PAGES, sessions: 1 });
    const page = (key: string): string => `{"Items":[{"pk":{"S":"a"}}]${key}}`;
    const next = ',"LastEvaluatedKey":{"pk":{"S":"b"}}';
    for (const last of [page(''), '{"Items":[{"pk":{"X":"a"}}]}', 'no page']) {
      aws.on('Scan', ({ Segment, ExclusiveStartKey }) => {
        if (Segment === 7 && ExclusiveStartKey !== undefined)
          return successBytes(Buffer.from(last));
        return successBytes(Buffer.from(page(ExclusiveStartKey === undefined ? next : '')));
      });
      const batches = await readAll(await createScan(40, engine)).catch(
        (thrown: unknown) => thrown,
      );
      if (last === page('')) expect(batches).to.equal(80);
      else expect(batches).to.be.instanceOf(Error);
      // Requests that were aborted end a little later.
      for (let turn = 0; turn < 1000 && countSlots(engine) < MOST_PAGES; turn++) {
        await new Promise(setImmediate);
      }
      expect(countSlots(engine)).to.equal(MOST_PAGES);
    }
  });

  it('does not wait for the other segment when its consumer stops', async () => {
    const scan = aws.handler('Scan');
    aws.on('Scan', (input, request) => (input.Segment === 0 ? scan(input, request) : hang().reply));
    expect((await firstBatchOf(await createScan()))?.recordCount).to.equal(1);
  }).timeout(5000);
});

async function firstBatchOf(strategy: ScanStrategy) {
  for await (const batch of strategy.read(NO)) return batch;
  return undefined;
}

/** The number of batches. */
async function readAll(strategy: ScanStrategy): Promise<number> {
  let batches = 0;
  for await (const batch of strategy.read(NO)) batches += Math.min(1, batch.recordCount);
  return batches;
}

/** How many slots can be lent. */
function countSlots({ pages }: TranscoderEngine): number {
  const slots: Buffer[] = [];
  for (let slot = pages.acquire(); slot !== undefined; slot = pages.acquire()) slots.push(slot);
  for (const slot of slots) pages.release(slot);
  return slots.length;
}
