/** How the reading of a change stream goes. */
export interface ChangeFigures {
  /** Change records that were written. */
  readonly changes: number;
  /** Shards that are being read or next, that were read to their end, and that wait for their parents. */
  readonly openShards: number;
  readonly finishedShards: number;
  readonly waitingShards: number;
  /** Milliseconds from where every shard is read up to until now, by AWS's clock. */
  readonly behindMs: number;
  /** Whether a snapshot of the table is being read, in turns with the changes. */
  readonly isInSnapshot: boolean;
}
