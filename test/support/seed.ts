import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
  type AttributeValue,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './engine.ts';

/** What BatchWriteItem takes at most. */
const BATCH_ITEMS = 25;
/** Batches in flight: local engines gain nothing beyond. */
const PARALLEL_BATCHES = 8;
/** First pause before unprocessed items are sent again; it doubles each time. */
const UNPROCESSED_PAUSE_MS = 20;
const TABLE_READY_SECONDS = 30;

export type Item = Record<string, AttributeValue>;

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface TableDefinition {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

/** An SDK client for setting a scene up; the caller destroys it. */
export function adminClient(engine: Engine): DynamoDBClient {
  const { endpoint, region, accessKeyId, secretAccessKey } = engine;
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

/** Creates an on-demand table and waits until it is ACTIVE. */
export async function createTable(engine: Engine, table: TableDefinition): Promise<void> {
  const { name, partitionKey, sortKey } = table;
  const keys = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  const client = adminClient(engine);
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((key) => ({
          AttributeName: key.name,
          AttributeType: key.type,
        })),
        KeySchema: keys.map((key, index) => ({
          AttributeName: key.name,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
    await waitUntilTableExists(
      { client, maxWaitTime: TABLE_READY_SECONDS, minDelay: 1, maxDelay: 1 },
      { TableName: name },
    );
  } finally {
    client.destroy();
  }
}

/**
 * Writes items in parallel batches and returns how many there were. Keys must be distinct within 25 neighbours,
 * as BatchWriteItem demands. An attribute called `__proto__` does not survive the SDK: see the fake AWS for that.
 */
export async function putItems(
  engine: Engine,
  table: string,
  items: AsyncIterable<Item> | Iterable<Item>,
): Promise<number> {
  const client = adminClient(engine);
  const batches = inBatches(items);
  let count = 0;
  const writeBatches = async (): Promise<void> => {
    for (;;) {
      const next = await batches.next();
      if (next.done === true) return;
      await writeBatch(client, table, next.value);
      count += next.value.length;
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL_BATCHES }, writeBatches));
    return count;
  } finally {
    client.destroy();
  }
}

async function* inBatches(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_ITEMS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
): Promise<void> {
  let requests: WriteRequest[] = items.map((Item) => ({ PutRequest: { Item } }));
  for (let pause = UNPROCESSED_PAUSE_MS; ; pause *= 2) {
    const reply = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    requests = reply.UnprocessedItems?.[table] ?? [];
    if (requests.length === 0) return;
    await delay(pause);
  }
}
