import { SystemError } from '../errors.ts';

/**
 * Where the transcoder stands: the byte it reads next and the byte it writes next.
 *
 * The functions that work on it hold both positions in local variables while they copy, and put them back.
 * Whoever sets `source` sees to it that quotes follow `end` for `GUARD_BYTES`, so that no string runs on, and whoever
 * sets `target` that it is large enough.
 */
export interface Cursor {
  source: Uint8Array;
  /** Index in `source` of the next byte. */
  from: number;
  /** Index in `source` behind the last byte. */
  end: number;
  target: Buffer;
  /** Index in `target` of the next byte. */
  to: number;
}

/** An error for bytes that are no DynamoDB JSON. It tells the place, never the bytes. */
export function malformed(position: number, expected: string): SystemError {
  return new SystemError(
    `DynamoDB sent an item that is not DynamoDB JSON: ${expected} expected at byte ${position} of the page.`,
  );
}
