import { expect } from 'chai';
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { engineConfig, runCommand } from './support/source-runs.ts';

const STREAM = 'arn:aws:dynamodb:us-east-1:123456789012:table/any/stream/2026-11-26T12:00:00.000';

/** DescribeTable of a table with a change stream. */
function withStream(viewType: string): JsonObject {
  return {
    LatestStreamArn: STREAM,
    StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
  };
}

describe('tables that change capture does not fit', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({
      tables: [
        {
          name: 'plain',
          partitionKey: { name: 'pk', type: 'S' },
          items: [],
          description: withStream('KEYS_ONLY'),
        },
        {
          name: 'attribute',
          partitionKey: { name: 'pk', type: 'S' },
          items: ['{"pk":{"S":"a"},"_ab_cdc_cursor":{"N":"1"}}'],
          description: withStream('NEW_AND_OLD_IMAGES'),
        },
        {
          name: 'key-table',
          partitionKey: { name: '_ab_cdc_deleted_at', type: 'S' },
          items: ['{"_ab_cdc_deleted_at":{"S":"a"}}'],
          description: withStream('NEW_AND_OLD_IMAGES'),
        },
      ],
    });
  });
  after(() => aws.stop());

  function configOf(tables: readonly string[], record_format: string): JsonObject {
    return engineConfig(aws, {
      replication_method: { method: 'Streams' },
      ...{ tables: [...tables], record_format },
    });
  }

  it('are named where an attribute is called like a column', async () => {
    const run = await runCommand('discover', configOf(['plain', 'attribute'], 'columns'));
    expect(run.errors[0]?.message).to.include(
      'The table attribute has an attribute called "_ab_cdc_cursor"',
    );
  });

  for (const format of ['columns', 'packed']) {
    it(`are refused by check and discover for such a key, with the format ${format}`, async () => {
      const config = configOf(['plain', 'key-table'], format);
      const check = await runCommand('check', config);
      const discovered = await runCommand('discover', config);
      expect(check.connectionStatus?.status).to.equal('FAILED');
      for (const message of [check.connectionStatus?.message, discovered.errors[0]?.message]) {
        expect(message)
          .to.include('The table key-table has a key attribute called "_ab_cdc_deleted_at"')
          .and.include('"exclude_tables"')
          .and.not.include('"packed"');
      }
    });
  }

  it('are told the way out of a view without new images', async () => {
    const run = await runCommand('discover', configOf(['plain'], 'columns'));
    expect(run.catalog?.streams[0]?.supported_sync_modes).to.deep.equal(['full_refresh']);
    expect(run.warnings.join()).to.match(/view KEYS_ONLY.*disable that one.*then enable one/);
  });
});
