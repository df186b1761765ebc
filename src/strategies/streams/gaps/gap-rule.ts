// A change stream keeps changes for a day. The clocks of its shards differ a little from AWS's, and so does ours.
const RETENTION_MS = 24 * 3_600_000;
const MARGIN_MS = 15 * 60_000;

/**
 * Whether changes may have been trimmed that were not read, when a position cannot be honoured, or there is none.
 *
 * Until nearly a day after everything was read, whatever has been written since is still there: then the oldest record
 * that is left is the next one, whatever became of the position.
 *
 * @param readTo up to when everything of the shard and its ancestors is read. Both in milliseconds by AWS's clock.
 */
export function isGap(readTo: number, now: number): boolean {
  return now - readTo >= RETENTION_MS - MARGIN_MS;
}
