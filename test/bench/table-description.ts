import { SHAPES } from './shapes.ts';
import type { ReplayTable } from './table-name.ts';

const LIST_LIMIT = 100;

/** The answer to DescribeTable. */
export function describeTable(table: ReplayTable): object {
  return {
    Table: {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      CreationDateTime: 1_700_000_000,
      ItemCount: table.items,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 0,
        ReadCapacityUnits: 0,
        WriteCapacityUnits: 0,
      },
      LatestStreamArn: changeStreamOf(table.name),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${table.name}`,
      TableId: '00000000-0000-0000-0000-000000000000',
      TableName: table.name,
      TableSizeBytes: table.items * SHAPES[table.shape].itemBytes,
      TableStatus: 'ACTIVE',
    },
  };
}

/** The ARN of a table's change stream. */
function changeStreamOf(table: string): string {
  return `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/1`;
}

/** The table of a change stream. */
export function tableOfStream(arn: string): string {
  return arn.split('/')[1] ?? '';
}

/** The answer to DescribeStream: so many open shards, whose ids are numbers behind the table's name. */
export function describeStream(arn: string, shards: number): object {
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      Shards: Array.from({ length: shards }, (_, shard) => ({
        ShardId: `shardId-${String(shard).padStart(20, '0')}`,
        SequenceNumberRange: { StartingSequenceNumber: '1' },
      })),
    },
  };
}

/** The answer to ListTables: a page of `tables`, which are in order. */
export function listTables(
  tables: readonly string[],
  input: { readonly ExclusiveStartTableName?: string; readonly Limit?: number },
): object {
  const start = tables.indexOf(input.ExclusiveStartTableName ?? '') + 1;
  const page = tables.slice(start, start + Math.min(input.Limit ?? LIST_LIMIT, LIST_LIMIT));
  const last = page.at(-1);
  return {
    ...(last !== undefined && last !== tables.at(-1) && { LastEvaluatedTableName: last }),
    TableNames: page,
  };
}
