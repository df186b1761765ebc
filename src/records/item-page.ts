/** Items side by side in a page, separated by commas: at least one. */
export interface ItemRun {
  /** Index of the first byte of the first item. */
  readonly start: number;
  /** Index behind the last byte of the last item. */
  readonly end: number;
  /**
   * Members that stand in the `data` of each record of the run, behind the item's own: `"cursor":17,"deleted_at":null`.
   * ASCII; their names are none of the item's.
   */
  readonly columns?: Uint8Array;
}

/** Items in DynamoDB JSON, as AWS sent them. */
export interface ItemBytes {
  readonly bytes: Uint8Array;
  /** One after the other, with any bytes between them; none when there is no item. */
  readonly runs: readonly ItemRun[];
}

/** The items of one answer. Whoever takes the page releases it once they are transcoded. */
export interface ItemPage extends ItemBytes {
  /** Read units that the page cost; absent where the server does not say. */
  readonly consumedReadUnits?: number;
  /** Gives the bytes back; they are not looked at any more. */
  release(): void;
}
