import type { ConnectorError } from './errors.ts';
import type { SeenValues } from './values/seen-values.ts';

/** One or more items side by side in a page. */
export interface ItemRun {
  /** Index of the first byte of the first item. */
  readonly start: number;
  /** Index after the last byte of the last item. */
  readonly end: number;
  /**
   * Members that are added to the `data` of each record of the run, after the item's own:
   * `"cursor":17,"deleted_at":null`. ASCII; none of them has the name of an attribute.
   */
  readonly columns?: Uint8Array;
  /** What stands between an item and the next, at most 64 bytes; a comma without it. */
  readonly separator?: Uint8Array;
}

/** Items in DynamoDB JSON, as AWS sent them. */
export interface ItemBytes {
  readonly bytes: Uint8Array;
  /** The runs in order, with any bytes between them; none when there is no item. */
  readonly runs: readonly ItemRun[];
}

/**
 * The items of one answer.
 *
 * Whoever takes a page transcodes it, calls `advance` once its records are on their way out, and always calls
 * `release`.
 */
export interface ItemPage extends ItemBytes {
  /** How many items all runs have, by the server's count; absent if it does not say. */
  readonly itemCount?: number;
  /** Read units that the page cost; absent if the server does not say. */
  readonly consumedReadUnits?: number;
  /** Whether a state has to be written behind it before any other page is taken. */
  readonly isCheckpoint?: boolean;
  /** Turns a failure to transcode the items into an error that says where they are from; absent where that is known. */
  explain?(error: ConnectorError): ConnectorError;
  /** Makes the state of the strategy cover the page from now on; `seen` is what its items have of the watched attribute. */
  advance(seen?: SeenValues): void;
  /** Returns the memory of the page, which must not be used afterwards. */
  release(): void;
}
