import type { ItemPage } from '../../item-page.ts';
import type { JsonObject } from '../../json/json-object.ts';
import { createStop } from '../../stop.ts';
import type { CdcColumns } from '../cdc-columns.ts';
import { createRunning, renderRunning, type RunningExport } from '../export/export-state.ts';
import type { ReadStrategy } from '../read-strategy.ts';
import type { ScanState } from '../scan/scan-state.ts';
import { writeRowColumns } from './changes/change-columns.ts';
import type { ChangeProgress } from './change-progress.ts';
import type { ChangeSource } from './changes/change-source.ts';
import { sleepThen } from './changes/sleep-then.ts';
import type { ExportReading, TableExports } from './gaps/table-exports.ts';

// The longest time for which changes wait while a snapshot is read: far less than the day for which they are kept.
const SCAN_STRETCH_MS = 3_600_000;

/**
 * Opens a strongly consistent scan of the table where it stands. Its state has a member `scan` until the scan has come to
 * its end.
 */
export type OpenSnapshot = (scan: ScanState) => ReadStrategy;

/** The first whole reading of a table, which knows where it stands. */
export interface Snapshot {
  /** Whether changes may be read while it is not read to its end. */
  readonly allowsChanges: boolean;
  readonly isThrough: boolean;
  /** Its members of the state. */
  toState(): JsonObject;
  /** Reads on, to the end or until the changes have waited for long enough. */
  read(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage>;
}

/** What a scan is read with. */
export interface ScanSnapshotInput {
  readonly source: ChangeSource;
  readonly openSnapshot: OpenSnapshot;
  readonly columns: CdcColumns;
}

/** A snapshot by a scan, which takes turns with the changes. */
export class ScanSnapshot implements Snapshot {
  readonly allowsChanges = true;
  readonly #input: ScanSnapshotInput;
  #scan: ScanState | undefined;
  /** The stretch that is being read. */
  #stretch: ReadStrategy | undefined;

  constructor(scan: ScanState, input: ScanSnapshotInput) {
    this.#scan = scan;
    this.#input = input;
  }

  get isThrough(): boolean {
    return this.#present === undefined;
  }

  toState(): JsonObject {
    const scan = this.#present;
    return scan === undefined ? {} : { scan };
  }

  async *read(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { source, openSnapshot } = this.#input;
    if (this.#scan === undefined) return;
    const stop = createStop(signal);
    const timer = sleepThen(source, SCAN_STRETCH_MS, stop);
    const columns = writeRowColumns(this.#input.columns, progress.base);
    const stretch = openSnapshot(this.#scan);
    this.#stretch = stretch;
    try {
      for await (const page of stretch.read(stop.signal)) {
        yield {
          ...page,
          runs: page.runs.map((run) => ({ ...run, columns })),
          advance: () => {
            page.advance();
            progress.times.noteDelivery(source.now());
          },
        };
      }
    } finally {
      this.#scan = readScan(stretch);
      this.#stretch = undefined;
      stop.abort();
      await timer;
    }
  }

  get #present(): ScanState | undefined {
    return this.#stretch === undefined ? this.#scan : readScan(this.#stretch);
  }
}

/** Where a scan stands; undefined when it has come to its end. */
function readScan(stretch: ReadStrategy): ScanState | undefined {
  return stretch.state().scan as ScanState | undefined;
}

/**
 * A snapshot by a full export, as of a moment behind its beginning. It shows the table as it was then, so no change is
 * read before it is through: the row of an item that was deleted in the meantime would bring it back to life.
 */
export class ExportSnapshot implements Snapshot {
  readonly allowsChanges = false;
  readonly #exports: TableExports;
  readonly #first: RunningExport;
  #reading: ExportReading | undefined;
  #isThrough = false;

  /** @param running where it stands. */
  constructor(running: RunningExport, exports: TableExports) {
    this.#first = running;
    this.#exports = exports;
  }

  get isThrough(): boolean {
    return this.#isThrough;
  }

  toState(): JsonObject {
    return this.#isThrough ? {} : renderExport(this.#reading, this.#first);
  }

  async *read({ base }: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    const reading = this.#exports.open(this.#first, { row: base, change: () => base });
    this.#reading = reading;
    yield* reading.read(signal);
    this.#isThrough = !signal.aborted;
  }
}

/**
 * The members of a state that tell of an export. In the place of one that has failed another of the same moment is begun.
 *
 * @param first where it stood when its reading was opened.
 */
export function renderExport(reading: ExportReading | undefined, first: RunningExport): JsonObject {
  const { polledAt } = reading ?? {};
  const running = reading === undefined ? first : reading.running;
  return {
    export: renderRunning(running ?? createRunning(first.scope)),
    ...(polledAt !== undefined && { polled_at: new Date(polledAt).toISOString() }),
  };
}
