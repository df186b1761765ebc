import type { TableSize } from '../aws/dynamodb/tables.ts';
import type { StreamState } from './read-strategy.ts';

/** What the user is told about a plan. */
export interface Notice {
  readonly level: 'info' | 'warn';
  readonly message: string;
}

/** What a read will return, as far as that is known beforehand. */
export interface ExpectedRead {
  /** The size of what is read; absent while DynamoDB has not counted it. */
  readonly size?: TableSize;
  /** Records that are still to come. */
  readonly records?: number;
  /** Read units that are still to be spent, if the number of records is not known. */
  readonly readUnits?: number;
}

/** Nothing is read: an earlier attempt of the same job has read the table to its end. */
export interface FinishedPlan {
  readonly kind: 'finished';
  /** The state that is written again. */
  readonly state: StreamState;
  readonly notices: readonly Notice[];
}
