import {
  DescribeTableCommand,
  ListTablesCommand,
  type GlobalSecondaryIndexDescription,
  type TableDescription as AwsTableDescription,
} from '@aws-sdk/client-dynamodb';
import type { NamedTable } from '../../config/table-selection.ts';
import { SystemError } from '../../errors.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { callPatiently, type Patience } from '../calls/patient-call.ts';
import { sendMended } from '../calls/send-mended.ts';

/** A key attribute of a table. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/**
 * The read units per second of a table or index, as far as DescribeTable says.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
export interface ReadCapacity {
  /** Paid for whether it is used or not. */
  readonly provisioned?: number;
  /** The maximum that was set for an on-demand table. */
  readonly onDemandMaximum?: number;
  /** What it can serve at once, without growing first. */
  readonly warm?: number;
}

/**
 * How much a table or an index holds. DynamoDB counts about every six hours; 0 may mean that it has not counted yet.
 */
export interface TableSize {
  readonly itemCount: number;
  readonly sizeBytes: number;
}

/** A secondary index of a table. */
export interface SecondaryIndex extends TableSize {
  readonly name: string;
  /** Global indexes have a capacity of their own, and do not support consistent reads. */
  readonly isGlobal: boolean;
  readonly capacity: ReadCapacity;
}

/** The change stream of a table: the one that is open, or the last one, which can be read for a day more. */
export interface TableChangeStream {
  readonly arn: string;
  readonly isEnabled: boolean;
  /** `NEW_IMAGE`, `NEW_AND_OLD_IMAGES`, `OLD_IMAGE` or `KEYS_ONLY`; absent once it is disabled. */
  readonly viewType?: string;
}

/** What DescribeTable says about a table. */
export interface Table extends TableSize {
  readonly name: string;
  /** What requests carry as `TableName`: the name, or the ARN that the user gave. */
  readonly reference: string;
  /** Absent if the server does not say. */
  readonly arn?: string;
  readonly status: string;
  /** The whole KeySchema, partition key first. */
  readonly keys: readonly KeyAttribute[];
  readonly capacity: ReadCapacity;
  /** `STANDARD_INFREQUENT_ACCESS`, or `STANDARD`, which is meant too where it is absent. */
  readonly tableClass?: string;
  readonly indexes: readonly SecondaryIndex[];
  /** Absent where there never was one. */
  readonly changeStream?: TableChangeStream;
}

/**
 * Lists the names of all tables of the account and region, page by page.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
 * @throws what `callPatiently` throws; the patience applies to each page.
 */
export async function* listTableNames(
  connection: DynamoDbConnection,
  patience: Patience,
): AsyncGenerator<string> {
  let startName: string | undefined;
  do {
    const command = new ListTablesCommand({ ExclusiveStartTableName: startName });
    const page = await callPatiently(connection, { action: 'dynamodb:ListTables' }, patience, () =>
      sendMended(connection, () =>
        connection.client.send(command, { abortSignal: patience.signal }),
      ),
    );
    yield* page.TableNames ?? [];
    startName = page.LastEvaluatedTableName;
  } while (startName !== undefined);
}

/**
 * Fetches the keys, size, capacity and indexes of a table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 */
export async function describeTable(
  connection: DynamoDbConnection,
  table: NamedTable,
  abortSignal: AbortSignal,
): Promise<Table> {
  const command = new DescribeTableCommand({ TableName: table.reference });
  const answer = await sendMended(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  const description = answer.Table ?? {};
  const tableClass = description.TableClassSummary?.TableClass;
  return {
    name: table.name,
    reference: table.reference,
    ...(description.TableArn !== undefined && { arn: description.TableArn }),
    status: description.TableStatus ?? 'ACTIVE',
    keys: readKeys(table.name, description),
    itemCount: description.ItemCount ?? 0,
    sizeBytes: description.TableSizeBytes ?? 0,
    capacity: readCapacity(description),
    ...(tableClass !== undefined && { tableClass }),
    indexes: readIndexes(description),
    ...readChangeStream(description),
  };
}

function readChangeStream({
  LatestStreamArn: arn,
  StreamSpecification: specification,
}: AwsTableDescription): Pick<Table, 'changeStream'> {
  if (arn === undefined) return {};
  const viewType = specification?.StreamViewType;
  const isEnabled = specification?.StreamEnabled === true;
  return { changeStream: { arn, isEnabled, ...(viewType !== undefined && { viewType }) } };
}

/** What the descriptions of a table and of a global index say about their throughput. */
type ThroughputDescription = Pick<
  GlobalSecondaryIndexDescription,
  'ProvisionedThroughput' | 'OnDemandThroughput'
> & { readonly WarmThroughput?: { readonly ReadUnitsPerSecond?: number | undefined } | undefined };

// An on-demand table shows a provisioned throughput of 0, and a maximum of -1 if none was set.
function readCapacity(description: ThroughputDescription): ReadCapacity {
  const provisioned = description.ProvisionedThroughput?.ReadCapacityUnits ?? 0;
  const onDemandMaximum = description.OnDemandThroughput?.MaxReadRequestUnits ?? 0;
  const warm = description.WarmThroughput?.ReadUnitsPerSecond ?? 0;
  return {
    ...(provisioned > 0 && { provisioned }),
    ...(onDemandMaximum > 0 && { onDemandMaximum }),
    ...(warm > 0 && { warm }),
  };
}

function readIndexes(description: AwsTableDescription): readonly SecondaryIndex[] {
  const global = description.GlobalSecondaryIndexes ?? [];
  const local = description.LocalSecondaryIndexes ?? [];
  const describe = (index: (typeof local)[number]) => ({
    name: index.IndexName ?? '',
    itemCount: index.ItemCount ?? 0,
    sizeBytes: index.IndexSizeBytes ?? 0,
  });
  return [
    ...global.map((index) => ({
      ...describe(index),
      isGlobal: true,
      capacity: readCapacity(index),
    })),
    ...local.map((index) => ({
      ...describe(index),
      isGlobal: false,
      capacity: readCapacity(description),
    })),
  ];
}

function readKeys(table: string, description: AwsTableDescription): readonly KeyAttribute[] {
  const types = new Map(
    description.AttributeDefinitions?.map((definition) => [
      definition.AttributeName,
      definition.AttributeType,
    ]),
  );
  const schema = [...(description.KeySchema ?? [])].sort(
    (a, b) => Number(a.KeyType === 'RANGE') - Number(b.KeyType === 'RANGE'),
  );
  if (schema.length === 0) throw new SystemError(`DynamoDB described ${table} without its keys.`);
  return schema.map(({ AttributeName: name = '' }) => {
    const type = types.get(name);
    return { name, type: type === 'N' || type === 'B' ? type : 'S' };
  });
}
