import type { ChangeFigures } from '../change-figures.ts';
import type { ConnectorError } from '../errors.ts';
import type { ItemPage } from '../item-page.ts';
import type { WaitFigures } from '../wait-figures.ts';
import type { Notice } from './read-plan.ts';

/** The JSON of a stream's state, which is a complete resume point. */
export type StreamState = Readonly<Record<string, unknown>>;

/** What happens to a stream during a read, besides pages. */
export interface StreamEvents {
  /** A failure that may be temporary is waited out for this long. */
  retrying(error: ConnectorError, pauseMs: number): void;
  /** Throttling holds the stream up, or does so no longer. */
  rateLimited(isLimited: boolean): void;
  /** The user is to know something. */
  told(notice: Notice): void;
}

/** One way to read a table from where its saved state left off. */
export interface ReadStrategy {
  /**
   * Reads to the end of the table, or until the signal is aborted. An aborted read ends without an error, after the
   * pages that have already arrived.
   *
   * @throws ConnectorError when the table cannot be read any further; what was yielded before remains valid.
   */
  read(signal: AbortSignal): AsyncIterable<ItemPage>;
  /**
   * A state that covers every page that has been advanced past and nothing else, so it can never run ahead of the
   * records; the final one when `read` has come to the end of the table.
   */
  state(): StreamState;
  /** How the reading of a change stream goes; absent where none is read. */
  changeFigures?(): ChangeFigures | undefined;
  /** How it waits for what AWS prepares; absent where nothing is. */
  waitFigures?(): WaitFigures | undefined;
}
