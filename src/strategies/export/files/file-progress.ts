import { ConfigError } from '../../../errors.ts';
import type { DataFile } from './export-manifest.ts';
import type { FileProgress, RunningExport } from '../export-state.ts';

/** A data file that is still to be read. */
export interface OpenFile {
  /** Among the files of the share that is read. */
  readonly index: number;
  readonly file: DataFile;
  /** Items of it that are read already. */
  readonly skipped: number;
}

/** How far the data files of one export are read. */
export class FilesProgress {
  readonly #files: readonly DataFile[];
  #first: number;
  readonly #started: Map<string, FileProgress>;

  /**
   * @param files of the share that is read, in the order of the manifest.
   * @throws ConfigError for a state of other files.
   */
  constructor(files: readonly DataFile[], { first, files: started }: RunningExport) {
    this.#files = files;
    this.#first = first;
    this.#started = new Map(started);
    const names = new Set(files.map(({ name }) => name));
    const strange = [...started.keys()].find((name) => !names.has(name));
    if (first <= files.length && strange === undefined) return;
    throw new ConfigError(
      `The state is of other files than the export has (${strange ?? `${first} files`}). Clear the stream to read it from its beginning.`,
    );
  }

  /** Those that are not read to their end. */
  *openFiles(): Generator<OpenFile> {
    for (let index = this.#first; index < this.#files.length; index++) {
      const file = this.#files[index];
      const done = file && this.#started.get(file.name);
      if (file === undefined || done === true) continue;
      yield { index, file, skipped: done ?? 0 };
    }
  }

  /** Notes how many items of a file are read. */
  advance({ file }: OpenFile, items: number): void {
    this.#started.set(file.name, items);
  }

  /** Notes that a file is read to its end. */
  finish({ file }: OpenFile): void {
    this.#started.set(file.name, true);
    for (;;) {
      const name = this.#files[this.#first]?.name;
      if (name === undefined || this.#started.get(name) !== true) return;
      this.#started.delete(name);
      this.#first++;
    }
  }

  /** As states have it. */
  toState(): Pick<RunningExport, 'first' | 'files'> {
    return { first: this.#first, files: this.#started };
  }
}
