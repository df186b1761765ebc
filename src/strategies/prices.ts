import type { Table } from '../aws/dynamodb/tables.ts';

// Every price is in US dollars, of us-east-1.

/**
 * For a million read units of an on-demand table, by the class of the table.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ (Read Request Units)
 */
export const READ_PRICES_PER_MILLION = { standard: 0.125, infrequentAccess: 0.155 } as const;

/**
 * For an exported GiB: of the table for a full export, of the changes for an incremental one.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ (Data export to Amazon S3)
 */
export const EXPORT_PRICE_PER_GIB = 0.1;

/** An incremental export is billed as at least 10 MB. The same page says so. */
export const LEAST_EXPORTED_BYTES = 10 * 1024 ** 2;

/**
 * For a GiB of a table and a month of point-in-time recovery, which every export needs.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ (Continuous backups)
 */
export const RECOVERY_PRICE_PER_GIB = 0.2;

/**
 * For 100,000 GetRecords calls, beyond 2.5 million an account and month.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ (DynamoDB Streams)
 */
export const CHANGE_CALLS_PRICE_PER_100_000 = 0.02;

const INFREQUENT_ACCESS = 'STANDARD_INFREQUENT_ACCESS';

/** What the user says about prices. */
export interface Prices {
  /** For a million read units of every table, whatever its class. */
  readonly perMillionReadUnits?: number;
}

/** Whether a table is of the class whose storage is cheap and whose reads are dear; its indexes are too. */
export function isInfrequentAccess({ tableClass }: Table): boolean {
  return tableClass === INFREQUENT_ACCESS;
}

/** What a million read units of a table cost. */
export function findReadPrice(table: Table, { perMillionReadUnits }: Prices): number {
  const { standard, infrequentAccess } = READ_PRICES_PER_MILLION;
  return perMillionReadUnits ?? (isInfrequentAccess(table) ? infrequentAccess : standard);
}
