/** The largest number of bytes that a page reads, before a filter. */
export const PAGE_BYTES = 1024 * 1024;

/**
 * Bytes that a read unit pays for in a strongly consistent read.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html#read-operations
 */
export const BYTES_PER_STRONG_UNIT = 4096;

/** The same in an eventually consistent read. */
export const BYTES_PER_EVENTUAL_UNIT = 8192;

/** Bytes that a read unit pays for. */
export function bytesPerUnit(consistentRead: boolean): number {
  return consistentRead ? BYTES_PER_STRONG_UNIT : BYTES_PER_EVENTUAL_UNIT;
}
