/** Bytes that are no gzip, or not all of one. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}
