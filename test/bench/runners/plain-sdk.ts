import { once } from 'node:events';

import { DynamoDBClient, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { listSegments, readRunnerInput } from './runner-input.ts';

/**
 * The way that the AWS SDK's documents show: ScanCommand in parallel segments, `unmarshall` each item,
 * `JSON.stringify` a record of it, write the page's lines and wait for `drain`.
 */
const input = readRunnerInput();
const client = new DynamoDBClient({ endpoint: input.endpoint, region: 'us-east-1' });

function renderRecord(item: Record<string, AttributeValue>): string {
  const record = { stream: input.table, data: unmarshall(item), emitted_at: Date.now() };
  return `${JSON.stringify({ type: 'RECORD', record })}\n`;
}

async function readSegment(segment: number): Promise<void> {
  let startKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: input.table,
        Segment: segment,
        TotalSegments: input.segments,
        ConsistentRead: true,
        ExclusiveStartKey: startKey,
      }),
    );
    const lines = (page.Items ?? []).map(renderRecord).join('');
    if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}

process.stdout.setMaxListeners(input.segments + 1);
await Promise.all(listSegments(input).map(readSegment));
client.destroy();
