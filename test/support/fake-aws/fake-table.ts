import type { Json, JsonObject } from '../json.ts';
import type { KeyAttribute } from '../seed.ts';
import { ACCOUNT } from './access.ts';
import { PagedItems, StartKeyError } from './paged-items.ts';
import { awsError, successBytes, type Reply } from './replies.ts';

/** One read unit: 4 KB strongly consistent, 8 KB otherwise. */
const READ_UNIT_BYTES = 4096;
const DEFAULT_PAGE_SIZE = 1000;

export interface FakeTableDefinition {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  /** DynamoDB JSON of each item (`{"pk":{"S":"a"}}`), served to the byte. Keys must be distinct. */
  readonly items: readonly string[];
  /** Items a page, unless a `Limit` is lower; 1000 by default. */
  readonly pageSize?: number;
  /** What DescribeTable tells, by default the truth; 0 for a new table. */
  readonly itemCount?: number;
  readonly tableSizeBytes?: number;
  /** For a table of another account: found by ARN only, and not listed. */
  readonly arn?: string;
  /** More members of DescribeTable's `Table`, over the usual ones. */
  readonly description?: JsonObject;
}

/** A table that DescribeTable and Scan read; its items never change. */
export class FakeTable {
  readonly name: string;
  readonly arn: string;
  readonly isOwn: boolean;
  readonly #definition: FakeTableDefinition;
  readonly #items: PagedItems;

  constructor(definition: FakeTableDefinition, region: string) {
    this.#definition = definition;
    this.name = definition.name;
    this.isOwn = definition.arn === undefined;
    this.arn = definition.arn ?? `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${definition.name}`;
    const names = keysOf(definition).map((key) => key.name);
    this.#items = new PagedItems(names, definition.items);
  }

  /** DescribeTable's `Table`. */
  describe(): JsonObject {
    const keys = keysOf(this.#definition);
    return {
      TableName: this.name,
      TableArn: this.arn,
      TableId: '00000000-0000-4000-8000-000000000001',
      TableStatus: 'ACTIVE',
      CreationDateTime: 1_700_000_000,
      KeySchema: keys.map((key, index) => ({
        AttributeName: key.name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: keys.map((key) => ({
        AttributeName: key.name,
        AttributeType: key.type,
      })),
      ItemCount: this.#definition.itemCount ?? this.#items.count,
      TableSizeBytes: this.#definition.tableSizeBytes ?? this.#items.sizeBytes,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 0,
        ReadCapacityUnits: 0,
        WriteCapacityUnits: 0,
      },
      ...this.#definition.description,
    };
  }

  /** Answers a Scan as DynamoDB does; what it cannot evaluate (filters, projections, indexes) is an error. */
  scan(input: JsonObject): Reply {
    const segments = readSegments(input);
    if (typeof segments === 'string') return awsError('ValidationException', segments);
    const { pageSize = DEFAULT_PAGE_SIZE } = this.#definition;
    const limit = Math.min(typeof input.Limit === 'number' ? input.Limit : pageSize, pageSize);
    try {
      const page = this.#items.page({ ...segments, startKey: input.ExclusiveStartKey, limit });
      const { count, items, lastEvaluatedKey } = page;
      const key = lastEvaluatedKey === undefined ? '' : `,"LastEvaluatedKey":${lastEvaluatedKey}`;
      const head = `{${this.#consumed(input, items.length)}"Count":${count},"Items":[`;
      const tail = `]${key},"ScannedCount":${count}}`;
      return successBytes(Buffer.concat([Buffer.from(head), items, Buffer.from(tail)]));
    } catch (error) {
      if (!(error instanceof StartKeyError)) throw error;
      return awsError('ValidationException', error.message);
    }
  }

  #consumed(input: JsonObject, bytes: number): string {
    const wanted: Json = input.ReturnConsumedCapacity ?? 'NONE';
    if (wanted === 'NONE') return '';
    const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
    const CapacityUnits = input.ConsistentRead === true ? units : units / 2;
    return `"ConsumedCapacity":${JSON.stringify({ CapacityUnits, TableName: this.name })},`;
  }
}

function keysOf(definition: FakeTableDefinition): readonly KeyAttribute[] {
  const { partitionKey, sortKey } = definition;
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

/** The segment that is asked for, or what is wrong with it. */
function readSegments(input: JsonObject): { segment: number; totalSegments: number } | string {
  const unknown = ['FilterExpression', 'ProjectionExpression', 'IndexName'].filter(
    (name) => input[name] !== undefined,
  );
  if (unknown.length > 0) return `The fake does not evaluate ${unknown.join(', ')}`;
  const { Segment, TotalSegments } = input;
  if (Segment === undefined && TotalSegments === undefined) return { segment: 0, totalSegments: 1 };
  if (typeof Segment !== 'number' || typeof TotalSegments !== 'number') {
    return 'Segment and TotalSegments must be present together';
  }
  if (Segment >= TotalSegments) {
    return (
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
      `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`
    );
  }
  return { segment: Segment, totalSegments: TotalSegments };
}
