import { expect } from 'chai';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import { PageBufferPool } from '../../../../src/aws/calls/page-buffer-pool.ts';
import { OpenObjects } from '../../../../src/aws/s3/open-objects.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';
import { Inflater } from '../../../../src/strategies/export/inflate/inflater.ts';
import { AwsChangeSource } from '../../../../src/strategies/streams/changes/aws-change-source.ts';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws.ts';
import { openConnection } from '../../aws/open-connection.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

describe('the time of change streams', () => {
  let aws: FakeAws;
  let connection: DynamoDbConnection;
  let source: AwsChangeSource;

  beforeEach(async () => {
    aws = await startFakeAws();
    connection = await openConnection(aws);
    const { endpoint, region } = aws;
    source = new AwsChangeSource({
      config: parseConfig({ region, endpoint, credentials: { auth_type: 'Role' } }),
      ...{ connection, objects: new OpenObjects(1), inflater: new Inflater() },
      pages: new PageBufferPool({ pages: 1, readers: 1 }),
      events: {
        retrying: () => undefined,
        rateLimited: () => undefined,
        told: () => undefined,
      },
    });
  });
  afterEach(async () => {
    source.close();
    connection.close();
    await aws.stop();
  });

  it('goes by for longer than a timer of Node can be set', async () => {
    const stop = new AbortController();
    const asleep = source.sleep(MONTH_MS, stop.signal).then(
      () => 'awake',
      () => 'told to stop',
    );
    // A timer that overflows fires within a millisecond, and so before this one.
    expect(await Promise.race([asleep, sleepFor(20, 'asleep')])).to.equal('asleep');
    stop.abort();
    expect(await asleep).to.equal('told to stop');
  });
});
