// Larger ones are not faster, and smaller ones mean more messages.
/** Bytes of a chunk, at most. */
export const CHUNK_BYTES = 1 << 18;

/** What the thread is to do for a file. */
export type InflateTask =
  | { readonly kind: 'open' }
  /** Done when the part is inflated. */
  | { readonly kind: 'write'; readonly part: Uint8Array<ArrayBuffer> }
  /** All parts were written. */
  | { readonly kind: 'end' }
  | { readonly kind: 'read' }
  | { readonly kind: 'close' };

/** What came of a task. */
export type InflateResult =
  /** What was read. */
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array<ArrayBuffer> }
  /** There is nothing more to be read. The MD5 is of all that was written, in base64. */
  | { readonly kind: 'end'; readonly md5: string }
  /** What is wrong with what was written. */
  | { readonly kind: 'damage'; readonly message: string }
  | { readonly kind: 'done' }
  /** Nothing: the file is closed, or all of it that is gzip was inflated. */
  | { readonly kind: 'closed' };

/** A message to the thread. Its part is transferred. */
export interface InflateRequest {
  readonly id: number;
  readonly file: number;
  readonly task: InflateTask;
}

/** A message from the thread, one for each request. Its chunk is transferred. */
export interface InflateAnswer {
  readonly id: number;
  readonly result: InflateResult;
}
