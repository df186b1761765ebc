import { type LentOutput, OutputPool } from './output-pool.ts';
import type { PageMemory } from './page-memory.ts';
import { SessionArea } from './session/session-area.ts';
import { TranscoderMemory } from './session/transcoder-memory.ts';
import { compileTranscoder } from './session/transcoder-module.ts';
import { type RecordOptions, RecordTranscoder } from './transcoder.ts';

/** What an engine has room for. */
export interface EngineSize {
  /** Room for the pages that are gathered in its memory at the same time. */
  readonly pageBytes: number;
  /** The largest number of sessions that are open at the same time. */
  readonly sessions: number;
}

/** The WebAssembly module that transcodes, and one memory in which any number of streams are read side by side. */
export class TranscoderEngine {
  readonly #compiled = compileTranscoder();
  readonly #memory: TranscoderMemory;
  readonly #freeAreas: number[];
  readonly #outputs: OutputPool;

  constructor({ pageBytes, sessions }: EngineSize) {
    this.#memory = new TranscoderMemory(pageBytes, sessions);
    this.#freeAreas = this.#memory.listAreas();
    this.#outputs = new OutputPool(this.#memory.listOutputs());
  }

  /** Where pages should be gathered. */
  get pages(): PageMemory {
    return this.#memory.pages;
  }

  /**
   * Opens a session for one stream, to be closed by whoever opened it.
   *
   * @throws RangeError when there is no room for another one, or the names of the stream are too long.
   */
  openSession(options: RecordOptions): RecordTranscoder {
    const address = this.#freeAreas.pop();
    if (address === undefined) throw new RangeError('No session is free.');
    const onClose = (): void => {
      this.#freeAreas.push(address);
    };
    try {
      return new RecordTranscoder(options, {
        compiled: this.#compiled,
        memory: this.#memory,
        area: new SessionArea(address),
        onClose,
      });
    } catch (error) {
      onClose();
      throw error;
    }
  }

  /**
   * Lends an output for the lines of a page, in the order of the calls. All sessions share a few: whoever borrows one
   * releases it once its lines are written, so that one page is written out while the next is transcoded.
   */
  lendOutput(): Promise<LentOutput> {
    return this.#outputs.lend();
  }
}
