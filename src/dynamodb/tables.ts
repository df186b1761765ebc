import {
  DescribeTableCommand,
  ListTablesCommand,
  type TableDescription as AwsTableDescription,
} from '@aws-sdk/client-dynamodb';
import type { NamedTable } from '../config/table-selection.ts';
import { SystemError } from '../errors.ts';
import type { DynamoDbConnection } from './connection.ts';
import { withExpiryRenewal } from './credential-expiry.ts';

/** A key attribute of a table. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** What DescribeTable tells of a table. */
export interface Table {
  readonly name: string;
  /** What requests carry as `TableName`: the name, or the ARN that the user gave. */
  readonly reference: string;
  readonly status: string;
  /** The whole KeySchema, partition key first. */
  readonly keys: readonly KeyAttribute[];
  /** Refreshed by DynamoDB about every six hours; 0 may mean that it is not known yet. */
  readonly itemCount: number;
  /** As fresh as `itemCount`. */
  readonly sizeBytes: number;
}

/**
 * The names of all tables of the account and region, page by page.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
 */
export async function* listTableNames(
  connection: DynamoDbConnection,
  abortSignal: AbortSignal,
): AsyncGenerator<string> {
  let startName: string | undefined;
  do {
    const command = new ListTablesCommand({ ExclusiveStartTableName: startName });
    const page = await withExpiryRenewal(connection, () =>
      connection.client.send(command, { abortSignal }),
    );
    yield* page.TableNames ?? [];
    startName = page.LastEvaluatedTableName;
  } while (startName !== undefined);
}

/**
 * Asks for a table's keys and size.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 */
export async function describeTable(
  connection: DynamoDbConnection,
  table: NamedTable,
  abortSignal: AbortSignal,
): Promise<Table> {
  const command = new DescribeTableCommand({ TableName: table.reference });
  const answer = await withExpiryRenewal(connection, () =>
    connection.client.send(command, { abortSignal }),
  );
  const description = answer.Table ?? {};
  return {
    name: table.name,
    reference: table.reference,
    status: description.TableStatus ?? 'ACTIVE',
    keys: readKeys(table.name, description),
    itemCount: description.ItemCount ?? 0,
    sizeBytes: description.TableSizeBytes ?? 0,
  };
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
