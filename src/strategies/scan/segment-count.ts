// One connection transfers 20 to 25 MB/s, and a partition of at most 10 GB serves no more: with a segment for every
// quarter of a gigabyte, the scan takes seconds to minutes, and small tables are not divided too finely.
const BYTES_PER_SEGMENT = 256 * 1024 * 1024;
const MOST_SEGMENTS_BY_SIZE = 64;
const SEGMENTS_OF_UNKNOWN_SIZE = 4;

/**
 * How many segments a table of this size is scanned in, if the config leaves that open.
 *
 * @param sizeBytes as DescribeTable says; a new table shows 0, so that means unknown.
 */
export function countSegmentsBySize(sizeBytes: number): number {
  if (sizeBytes === 0) return SEGMENTS_OF_UNKNOWN_SIZE;
  return Math.min(MOST_SEGMENTS_BY_SIZE, Math.ceil(sizeBytes / BYTES_PER_SEGMENT));
}
