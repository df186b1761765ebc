import { expect } from 'chai';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import type { DynamoDbConnection } from '../../../../src/dynamodb/connection.ts';
import { describeTable } from '../../../../src/dynamodb/tables.ts';
import { SystemError } from '../../../../src/errors.ts';
import { createRecordPrefix } from '../../../../src/records/record-prefix.ts';
import { RecordTranscoder } from '../../../../src/records/transcoder.ts';
import { ScanProgress } from '../../../../src/strategies/scan/scan-progress.ts';
import { settleScan } from '../../../../src/strategies/scan/scan-settings.ts';
import { ScanStrategy } from '../../../../src/strategies/scan/scan-strategy.ts';
import { numberedTable } from '../../../e2e/support/numbered-table.ts';
import { hang, startFakeAws, successBytes, type FakeAws } from '../../../support/fake-aws.ts';
import { openConnection } from '../../dynamodb/open-connection.ts';

const NO = new AbortController().signal;

describe('a scan of two segments', () => {
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

  async function createScan(): Promise<ScanStrategy> {
    const { region } = aws;
    const credentials = { auth_type: 'Role' };
    const config = parseConfig({ region, credentials, scan: { segments: 2 } });
    const table = await describeTable(connection, { name: 'orders', reference: 'orders' }, NO);
    const prefix = createRecordPrefix({ name: 'orders' });
    return new ScanStrategy({
      connection,
      settings: settleScan(config.scan, table),
      progress: new ScanProgress(2),
      transcoder: new RecordTranscoder({
        ...{ prefix, config: config.records, listed: undefined, keys: ['pk'] },
      }),
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
