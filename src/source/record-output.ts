import { ConnectorError, SystemError } from '../errors.ts';
import type { ItemPage } from '../item-page.ts';
import type { StreamProgress } from '../monitoring/stream-progress.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import type { LentOutput } from '../records/output-pool.ts';
import type { RecordLines, RecordTranscoder } from '../records/transcoder.ts';
import type { TranscoderEngine } from '../records/transcoder-engine.ts';
import type { ReadStrategy } from '../strategies/read-strategy.ts';
import type { Checkpoints, Written } from './checkpoints.ts';
import type { StreamMessages } from './stream-messages.ts';

/** What writing the pages of a stream needs. */
export interface RecordOutputInput {
  readonly strategy: ReadStrategy;
  readonly engine: TranscoderEngine;
  readonly session: RecordTranscoder;
  readonly writer: MessageWriter;
  readonly messages: StreamMessages;
  readonly checkpoints: Checkpoints;
  readonly progress: StreamProgress;
}

/** What became of a page. */
type WrittenPage = Written & Pick<RecordLines, 'seen'>;

const NOTHING = new Uint8Array(0);

/** Writes the pages of one stream as records and, when they are due, the states after them. */
export class RecordOutput {
  readonly #input: RecordOutputInput;
  #lastWrite = Promise.resolve();
  /** Whether the strategy's state covers more than the last state that was written. */
  #isUncovered = false;

  constructor(input: RecordOutputInput) {
    this.#input = input;
  }

  /**
   * Transcodes a page and begins to write it once the page before it is written: so one page is written out while the
   * next is transcoded, and a slow reader of the output slows everything down.
   *
   * @throws SystemError for a page whose contents are wrong, OutputError of the writer.
   */
  async write(page: ItemPage): Promise<void> {
    const { progress, checkpoints } = this.#input;
    progress.noteArrived();
    const { seen, ...written } = await this.#transcode(page).finally(() => {
      page.release();
    });
    page.advance(seen);
    this.#isUncovered = true;
    progress.noteWritten();
    if (checkpoints.add(written) || page.isCheckpoint === true) await this.writeLastState();
  }

  /** Waits until everything is written. */
  async flush(): Promise<void> {
    await this.#lastWrite;
    this.#input.progress.noteWritten();
  }

  /** Writes a state that covers every record so far, unless the last one already does. */
  async writeLastState(): Promise<void> {
    if (this.#isUncovered) await this.writeState();
  }

  /** Writes the state. */
  async writeState(): Promise<void> {
    const { strategy, messages, checkpoints } = this.#input;
    this.#isUncovered = false;
    checkpoints.begin(await messages.writeState(strategy.state(), checkpoints.recordCount));
  }

  /** Resolves to what the page amounted to, once its write has begun. */
  async #transcode(page: ItemPage): Promise<WrittenPage> {
    const { engine, writer, progress } = this.#input;
    if (page.runs.length === 0) {
      checkCount(page, 0);
      progress.addArrival({ ...page, recordCount: 0, lines: NOTHING });
      return { records: 0, bytes: 0 };
    }
    const output = await engine.lendOutput();
    progress.noteWritten();
    try {
      const { lines, recordCount, seen } = this.#toLines(page, output);
      checkCount(page, recordCount);
      progress.addArrival({ ...page, recordCount, lines });
      await this.#lastWrite;
      this.#lastWrite = writer.writeLines(lines).finally(() => {
        output.release();
      });
      // The next call awaits it, and sees a failure.
      this.#lastWrite.catch(() => undefined);
      return { records: recordCount, bytes: lines.length, ...(seen !== undefined && { seen }) };
    } catch (error) {
      output.release();
      throw error;
    }
  }

  /** @throws ConnectorError that tells where the items are from, where the page knows. */
  #toLines(page: ItemPage, output: LentOutput): RecordLines {
    try {
      return this.#input.session.transcode(page, output, Date.now());
    } catch (error) {
      throw page.explain !== undefined && error instanceof ConnectorError
        ? page.explain(error)
        : error;
    }
  }
}

/** @throws SystemError if the server's count differs. */
function checkCount({ itemCount }: ItemPage, recordCount: number): void {
  if (itemCount === undefined || itemCount === recordCount) return;
  throw new SystemError(
    `A page that AWS sent has ${recordCount} items, but its count is ${itemCount}.`,
  );
}
