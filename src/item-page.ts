/** Items side by side in a page, separated by commas: at least one. */
export interface ItemRun {
  /** Index of the first byte of the first item. */
  readonly start: number;
  /** Index behind the last byte of the last item. */
  readonly end: number;
  /**
   * Members that stand in the `data` of each record of the run, behind the item's own: `"cursor":17,"deleted_at":null`.
   * ASCII; none of them has the name of an attribute.
   */
  readonly columns?: Uint8Array;
}

/** Items in DynamoDB JSON, as AWS sent them. */
export interface ItemBytes {
  readonly bytes: Uint8Array;
  /** One after the other, with any bytes between them; none when there is no item. */
  readonly runs: readonly ItemRun[];
}

/**
 * The items of one answer.
 *
 * Whoever takes a page transcodes it, calls `advance` once its records are on their way out, and in any case `release`.
 */
export interface ItemPage extends ItemBytes {
  /** Items of all runs, as the server counts them; absent where it does not. */
  readonly itemCount?: number;
  /** Read units that the page cost; absent where the server does not say. */
  readonly consumedReadUnits?: number;
  /** Whether a state has to be written behind it before any other page is taken. */
  readonly isCheckpoint?: boolean;
  /** Has the state of the strategy cover the page from now on. */
  advance(): void;
  /** Returns the memory of the page, which is not looked at any more. */
  release(): void;
}
