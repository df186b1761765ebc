import { PageLoans } from '../../../aws/calls/page-loans.ts';
import type { PageBufferPool } from '../../../aws/calls/page-buffer-pool.ts';
import { type ConnectorError, isOfReason } from '../../../errors.ts';
import type { ItemPage } from '../../../item-page.ts';
import { merge, type Source } from '../../../merge.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import { type NumberChange, ChangeLines } from './change-lines.ts';
import { explainFault, type FilePage, readDataFile } from './data-file.ts';
import type { ExportSummary } from './export-manifest.ts';
import { renderTime, toMicroseconds } from '../export-time.ts';
import type { FilesProgress, OpenFile } from './file-progress.ts';
import { FullLines } from './full-lines.ts';
import type { Inflater } from '../inflate/inflater.ts';
import type { LineCutter } from './line-reader.ts';
import type { ObjectReader, OpenObject } from './object-reader.ts';

const PAGES_A_FILE = 2;

/** What the records of an export are numbered by. */
export interface ExportNumbers {
  /** Of all items of a full export. */
  readonly row: number;
  readonly change: NumberChange;
  /**
   * From this moment on, in microseconds since 1970, every change of an incremental export counts as a delete: a later
   * export tells of them all again, but not of what was made and deleted in its window.
   */
  readonly deletesFrom?: number;
}

/** What the files of an export are read with. */
export interface ExportFilesInput {
  readonly summary: ExportSummary;
  readonly progress: FilesProgress;
  readonly reader: ObjectReader;
  readonly inflater: Inflater;
  readonly pages: PageBufferPool;
  readonly columns: CdcColumns;
  readonly numbers: ExportNumbers;
  /** Files that are read at the same time. */
  readonly concurrency: number;
  /** Bytes of lines that a page has at least, but for the last one of a file. */
  readonly pageBytes: number;
}

/** Numbers records so that they stand among those of other exports where their time does. */
export function numbersByTime({ scope }: ExportSummary): ExportNumbers {
  // Right below all that was written at the moment of the export, or later.
  const row = scope.kind === 'full' ? toMicroseconds(scope.time) - 1 : 0;
  return { row, change: (writtenAt) => writtenAt };
}

/**
 * Reads the data files of an export that are still to be read, several side by side, and keeps their progress.
 *
 * @throws ConfigError for what is not as the manifest says, and what ObjectReader throws.
 */
export async function* readExportFiles(
  input: ExportFilesInput,
  signal: AbortSignal,
): AsyncGenerator<ItemPage> {
  // Of each file, one page is written while the next is filled.
  const loans = new PageLoans(input.pages, PAGES_A_FILE * input.concurrency);
  const sources = (function* (): Generator<Source<ItemPage>> {
    for (const open of input.progress.openFiles()) {
      yield (stop) => readFile(input, open, loans, stop);
    }
  })();
  try {
    yield* merge(sources, { concurrency: input.concurrency, signal });
  } finally {
    loans.close();
  }
}

async function* readFile(
  { summary, progress, reader, inflater, columns, numbers, pageBytes }: ExportFilesInput,
  openFile: OpenFile,
  loans: PageLoans,
  signal: AbortSignal,
): AsyncGenerator<ItemPage> {
  const { file, skipped } = openFile;
  try {
    const pages = readDataFile({
      ...{ file, skipped, inflater, loans, pageBytes, signal },
      open: () => openBeside(reader, summary, file.key, signal),
      openCutter: chooseCutter(summary, columns, numbers),
    });
    for await (const page of pages) {
      yield toItemPage(page, {
        advance: () => progress.advance(openFile, page.itemsDone),
        release: () => loans.release(page.buffer),
        explain: (error) => explainFault(file, page, error),
      });
    }
    yield createMark(() => progress.finish(openFile));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A page without items, behind which the state says something else. */
export function createMark(advance: () => void, isCheckpoint = false): ItemPage {
  return { bytes: NOTHING, runs: [], advance, release: () => undefined, isCheckpoint };
}

const NOTHING = new Uint8Array(0);

function toItemPage(
  { buffer, runs, count }: FilePage,
  rest: Pick<ItemPage, 'advance' | 'release'> & {
    readonly explain: (error: ConnectorError) => ConnectorError;
  },
): ItemPage {
  return { bytes: buffer.body, runs, itemCount: count, ...rest };
}

function chooseCutter(
  { scope }: ExportSummary,
  columns: CdcColumns,
  numbers: ExportNumbers,
): () => LineCutter {
  if (scope.kind === 'incremental') return () => new ChangeLines(columns, numbers);
  const ofRow = columns.write({ cursor: numbers.row, updatedAt: renderTime(scope.time) });
  return () => new FullLines(ofRow);
}

/** Opens a data file; where its key does not exist, because the export was copied, beside the manifest. */
async function openBeside(
  reader: ObjectReader,
  summary: ExportSummary,
  key: string,
  signal: AbortSignal,
): Promise<OpenObject> {
  try {
    return await reader.open(key, signal);
  } catch (error) {
    const beside = placeBeside(summary, key);
    if (beside === key || !isMissing(error)) throw error;
    return reader.open(beside, signal).catch((other: unknown) => {
      throw isMissing(other) ? error : other;
    });
  }
}

/** Where a data file of an export lies that was copied as a whole. */
function placeBeside({ key: summaryKey, scope }: ExportSummary, key: string): string {
  const folder = summaryKey.slice(0, summaryKey.lastIndexOf('/') + 1);
  const home = scope.kind === 'full' ? folder : folder.replace(/[^/]+\/$/, '');
  return `${home}data/${key.slice(key.lastIndexOf('/') + 1)}`;
}

/** Whether an object is not there. Who may not list the bucket is told that it may not be read. */
export function isMissing(error: unknown): boolean {
  return isOfReason(error, 'nothing there', 'denied');
}
