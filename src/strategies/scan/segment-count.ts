// One connection brings 20 to 25 MB/s, and a partition of at most 10 GB gives no more: a segment for every quarter of
// a gigabyte has the scan done in seconds to minutes, and small tables are not cut into crumbs.
const BYTES_PER_SEGMENT = 256 * 1024 * 1024;
const MOST_SEGMENTS_BY_SIZE = 64;
const SEGMENTS_OF_UNKNOWN_SIZE = 4;

/**
 * How many segments a table of this size is scanned in, when the config leaves it to us.
 *
 * @param sizeBytes as DescribeTable says; 0 is what a new table shows, so it means unknown.
 */
export function countSegmentsBySize(sizeBytes: number): number {
  if (sizeBytes === 0) return SEGMENTS_OF_UNKNOWN_SIZE;
  return Math.min(MOST_SEGMENTS_BY_SIZE, Math.ceil(sizeBytes / BYTES_PER_SEGMENT));
}
