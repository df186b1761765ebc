import type { Unlisted } from '../records/transcoder.ts';

/** The JSON of a stream's state, each a complete point to resume from. */
export type StreamState = Readonly<Record<string, unknown>>;

/** RECORD lines, and the state that covers them and everything before them. */
export interface Batch {
  /** Whole lines. The bytes stay as they are until the batch after the next is asked for. */
  readonly lines: Uint8Array;
  readonly recordCount: number;
  /** Read units that the batch cost; absent where the server does not say. */
  readonly consumedReadUnits?: number;
  /** The state, made when it is asked for. It must be asked for before the next batch is. */
  readonly state: () => StreamState;
}

/** One way to read a table from where its saved state left off. */
export interface ReadStrategy {
  /**
   * Reads until the table is read or the signal is aborted. An aborted read ends without an error, after the pages that
   * had already arrived.
   *
   * @throws ConnectorError when the table cannot be read on; what was yielded before stays right.
   */
  read(signal: AbortSignal): AsyncIterable<Batch>;
  /** How it reads, for people: `in 4 segments`. */
  describe(): string;
  /** The state of a table that is read to its end. */
  finalState(): StreamState;
  /** What came that the catalog does not list. */
  listUnlisted(): Unlisted;
}
