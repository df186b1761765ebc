import type { JsonObject } from '../json.ts';
import { FakeTable, type FakeTableDefinition } from './fake-table.ts';
import { awsError, success, type Reply } from './replies.ts';

/** What ListTables gives at most. */
const LIST_PAGE = 100;

/** The tables of the fake, with the handlers that read them. */
export class FakeTables {
  readonly #tables = new Map<string, FakeTable>();
  readonly #region: string;

  constructor(region: string) {
    this.#region = region;
  }

  /** Adds a table, in place of one with the same ARN. */
  add(definition: FakeTableDefinition): FakeTable {
    const table = new FakeTable(definition, this.#region);
    this.#tables.set(table.arn, table);
    return table;
  }

  remove(name: string): void {
    const table = this.#find(name);
    if (table !== undefined) this.#tables.delete(table.arn);
  }

  list(input: JsonObject): Reply {
    const after = input.ExclusiveStartTableName;
    const limit = typeof input.Limit === 'number' ? input.Limit : LIST_PAGE;
    const names = [...this.#tables.values()]
      .flatMap((table) => (table.isOwn ? [table.name] : []))
      .filter((name) => typeof after !== 'string' || name > after)
      .sort();
    const TableNames = names.slice(0, limit);
    const last = TableNames.at(-1);
    const more = names.length > limit && last !== undefined;
    return success({ TableNames, ...(more ? { LastEvaluatedTableName: last } : {}) });
  }

  describe(input: JsonObject): Reply {
    const table = this.#find(input.TableName);
    if (table !== undefined) return success({ Table: table.describe() });
    const name = typeof input.TableName === 'string' ? input.TableName : '';
    return awsError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${name} not found`,
    );
  }

  scan(input: JsonObject): Reply {
    const table = this.#find(input.TableName);
    if (table !== undefined) return table.scan(input);
    return awsError('ResourceNotFoundException', 'Requested resource not found');
  }

  /** By name among the account's own tables, by ARN among all. */
  #find(nameOrArn: unknown): FakeTable | undefined {
    return [...this.#tables.values()].find(
      (table) => table.arn === nameOrArn || (table.isOwn && table.name === nameOrArn),
    );
  }
}
