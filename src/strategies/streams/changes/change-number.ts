const MICROSECONDS_PER_MS = 1000;
const MICROSECONDS_PER_SECOND = 1_000_000;

/**
 * The number that orders the versions of a key: `_ab_cdc_cursor`, microseconds since 1970, below 2^53.
 *
 * Every row of a snapshot has its base, and every change a number of its own above it. All changes of a key lie on one
 * path of the shard forest in their order, and numbers grow along paths whatever the clocks of the shards say. A number
 * depends on the base and on the records since the base alone, so a change that is delivered again has its old number.
 */
export type ChangeNumber = number;

/**
 * The base of a snapshot that begins now: above everything that was emitted before.
 *
 * @param awsMs milliseconds since 1970 by AWS's clock.
 * @param largest number in the state that the snapshot takes the place of.
 */
export function chooseBase(awsMs: number, largest = 0): ChangeNumber {
  const nextSecond = Math.ceil(awsMs / 1000) + 1;
  // One above the largest is the deletes that come right below the rows.
  return Math.max(nextSecond * MICROSECONDS_PER_SECOND, largest + 2);
}

/** The number of the deletes that lie below every row of a snapshot and above everything before it. */
export function belowBase(base: ChangeNumber): ChangeNumber {
  return base - 1;
}

/**
 * The number of a change.
 *
 * @param createdAtSeconds since 1970, as DynamoDB says roughly.
 * @param previous number of the change before it in its shard; for the first of a shard the last one of its parent, or
 * the base.
 */
export function numberChange(createdAtSeconds: number, previous: ChangeNumber): ChangeNumber {
  return Math.max(createdAtSeconds * MICROSECONDS_PER_SECOND, previous + 1);
}

/** The time that a number stands for, in milliseconds since 1970. */
export function toMilliseconds(number: ChangeNumber): number {
  return Math.floor(number / MICROSECONDS_PER_MS);
}
