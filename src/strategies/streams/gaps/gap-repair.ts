import type { ItemPage } from '../../../item-page.ts';
import type { JsonObject } from '../../../json/json-object.ts';
import { createMark } from '../../export/files/export-files.ts';
import { createRunning, type RunningExport } from '../../export/export-state.ts';
import { renderTime, toMicroseconds } from '../../export/export-time.ts';
import type { ExportWindow } from '../../export/export-windows.ts';
import type { ChangeProgress } from '../change-progress.ts';
import { findObstacle } from './find-obstacle.ts';
import { UnrepairedGapError } from './gap-error.ts';
import { nextRow } from './repair-windows.ts';
import { renderRepair, type SavedRepair } from './saved-repair.ts';
import { renderExport } from '../snapshot.ts';
import type { ExportReading, TableExports } from './table-exports.ts';

/**
 * The repair of a gap: incremental exports of the windows that were lost, one behind the other.
 *
 * The change stream is read behind them, with numbers above theirs, so that what both tell of ends as the stream has it.
 */
export class GapRepair {
  readonly #saved: SavedRepair;
  readonly #exports: TableExports;
  readonly #table: string;
  #done: number;
  #first: RunningExport | undefined;
  #reading: ExportReading | undefined;

  /** @param table what the user calls it. */
  constructor(saved: SavedRepair, exports: TableExports, table: string) {
    this.#saved = saved;
    this.#exports = exports;
    this.#table = table;
    this.#done = saved.done;
    this.#first = saved.running;
  }

  get isThrough(): boolean {
    return this.#done >= this.#saved.windows.length;
  }

  /** Its members of the state. */
  toState(): JsonObject {
    if (this.isThrough) return {};
    return {
      repair: renderRepair({ ...this.#saved, done: this.#done }),
      ...(this.#first !== undefined && renderExport(this.#reading, this.#first)),
    };
  }

  /**
   * Reads the windows that are left; ends early when the signal is aborted.
   *
   * @throws UnrepairedGapError when recovery has come to reach less far back than the next window, and ConnectorError.
   */
  async *read(progress: ChangeProgress, signal: AbortSignal): AsyncGenerator<ItemPage> {
    for (const window of this.#saved.windows.slice(this.#done)) {
      if (!signal.aborted) {
        await this.#checkReach(window, signal);
        yield* this.#readExport(window, signal);
      }
      if (signal.aborted) return;
      yield createMark(() => {
        this.#finish(window, progress);
      }, true);
    }
  }

  async #checkReach({ from }: ExportWindow, signal: AbortSignal): Promise<void> {
    if (this.#first?.arn !== undefined) return;
    const obstacle = await findObstacle(this.#exports, from, signal);
    if (obstacle === undefined) return;
    const message = `The lost changes of ${this.#table} are recovered up to ${renderTime(from)} only.`;
    throw new UnrepairedGapError(message, obstacle);
  }

  #readExport(window: ExportWindow, signal: AbortSignal): AsyncIterable<ItemPage> {
    const number = this.#saved.base + this.#done;
    this.#first ??= createRunning({ kind: 'incremental', ...window });
    const next = nextRow(this.#saved, window);
    this.#reading = this.#exports.open(this.#first, {
      row: number,
      change: () => number,
      ...(next !== undefined && { deletesFrom: toMicroseconds(next) }),
    });
    return this.#reading.read(signal);
  }

  #finish({ to }: ExportWindow, { times }: ChangeProgress): void {
    this.#done++;
    this.#first = undefined;
    this.#reading = undefined;
    times.noteDelivery(to);
    if (this.isThrough) times.noteAll(this.#saved.readTo);
  }
}
