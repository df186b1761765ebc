import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';

/**
 * Why a table cannot be read, by its status.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
 */
const ABSENCES: ReadonlyMap<string, string> = new Map([
  ['CREATING', 'it is still being created'],
  ['DELETING', 'it is being deleted'],
  [
    'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
    'DynamoDB is not allowed to use its KMS key; enable the key or correct its policy',
  ],
  ['ARCHIVING', 'it is being archived, because DynamoDB could not use its KMS key for seven days'],
  ['ARCHIVED', 'it is archived, because DynamoDB could not use its KMS key for seven days'],
]);

/** Says why a table cannot be read, according to its status; undefined if it can. */
export function findAbsence({ status }: Table): string | undefined {
  const absence = ABSENCES.get(status);
  return absence && `${absence} (${status})`;
}

/** An error for a table that the user named and that cannot be read. */
export function createAbsenceError(table: Table, absence: string): ConfigError {
  return new ConfigError(
    `The table ${table.name} cannot be read: ${absence}. Try again when it is ACTIVE, or remove it from "tables".`,
  );
}

/** Whether a call failed because the table was deleted or archived after it was listed. */
export function isGone(error: unknown): error is ConfigError {
  return error instanceof ConfigError && error.reason === 'missing';
}
