import type { TableSize } from '../aws/dynamodb/tables.ts';
import type { StreamState } from './read-strategy.ts';

/** What the user is told of a plan. */
export interface Notice {
  readonly level: 'info' | 'warn';
  readonly message: string;
}

/** What a read will bring, as far as that is known beforehand. */
export interface ExpectedRead {
  /** Of what is read; absent while DynamoDB has not counted it. */
  readonly size?: TableSize;
  /** Records that are still to come. */
  readonly records?: number;
  /** Read units that are still to be spent, where the records are not known. */
  readonly readUnits?: number;
}

/** Nothing is read: an earlier attempt of the same job has read the table to its end. */
export interface FinishedPlan {
  readonly kind: 'finished';
  /** The state that is given back. */
  readonly state: StreamState;
  readonly notices: readonly Notice[];
}
