import { once } from 'node:events';

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as ChangeRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { readRunnerInput } from './runner-input.ts';

/**
 * The way that the AWS SDK's documents show: read each shard from its beginning to its tip, `unmarshall` the new image of
 * each record, `JSON.stringify` a record of it, write the page's lines and wait for `drain`.
 */
const input = readRunnerInput();
const client = new DynamoDBStreamsClient({ endpoint: input.endpoint, region: 'us-east-1' });
const StreamArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${input.table}/stream/1`;

function renderRecord({ dynamodb, eventName }: ChangeRecord): string {
  const image = (dynamodb?.NewImage ?? dynamodb?.OldImage ?? {}) as Record<string, AttributeValue>;
  const data = {
    ...unmarshall(image),
    _ab_cdc_updated_at: dynamodb?.ApproximateCreationDateTime,
    _ab_cdc_deleted_at: eventName === 'REMOVE' ? dynamodb?.ApproximateCreationDateTime : null,
    _ab_cdc_sequence_number: dynamodb?.SequenceNumber,
  };
  const record = { stream: input.table, data, emitted_at: Date.now() };
  return `${JSON.stringify({ type: 'RECORD', record })}\n`;
}

async function readShard(ShardId: string): Promise<void> {
  const first = await client.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let { ShardIterator } = first;
  for (;;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    const records = page.Records ?? [];
    if (records.length === 0) return;
    const lines = records.map(renderRecord).join('');
    if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
    ShardIterator = page.NextShardIterator;
  }
}

process.stdout.setMaxListeners(input.segments + 1);
const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
const shards = (StreamDescription?.Shards ?? []).map(({ ShardId = '' }) => ShardId);
await Promise.all(shards.map(readShard));
client.destroy();
