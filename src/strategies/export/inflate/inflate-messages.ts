import type { Inflated } from './gzip-stream.ts';

/** What the worker is asked. */
export interface InflateRequest {
  /** Number of the place. */
  readonly place: number;
  /** The first request of a stream. */
  readonly isNew: boolean;
  /** Which output is to be filled. */
  readonly output: 0 | 1;
  /** Where more bytes were written to the input: how many, and whether they are the last ones. */
  readonly input?: { readonly length: number; readonly isAtEnd: boolean } | undefined;
}

/** What the worker answers, once to each request, in the order of those of a place. */
export type InflateAnswer = { readonly place: number } & (
  | Inflated
  /** What is wrong with the bytes. */
  | { readonly damage: string }
);
