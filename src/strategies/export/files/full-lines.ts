import type { ItemRun } from '../../../item-page.ts';
import type { ByteSpan } from '../../../json/json-scanner.ts';
import type { LineCutter } from './line-reader.ts';

const OPENING = Buffer.from('{"Item":');
const BETWEEN = Buffer.from('}\n{"Item":');
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const NOWHERE = -1000;

/**
 * Cuts lines of a full export, `{"Item":{…}}`. Lines next to each other are one run, whose items have the end of one line
 * and the beginning of the next between them.
 */
export class FullLines implements LineCutter {
  readonly #columns: Uint8Array;
  readonly #runs: ItemRun[] = [];
  /** Of the last run; there is none before the first line. */
  #start = NOWHERE;
  #end = NOWHERE;

  /** @param columns of each record. */
  constructor(columns: Uint8Array) {
    this.#columns = columns;
  }

  get runs(): readonly ItemRun[] {
    return this.#end === NOWHERE ? [] : [...this.#runs, this.#lastRun];
  }

  take(bytes: Buffer, { start, end }: ByteSpan): boolean {
    const itemStart = start + OPENING.length;
    const itemEnd = end - 1;
    if (
      bytes[itemStart] !== OPEN_BRACE ||
      bytes[itemEnd] !== CLOSE_BRACE ||
      bytes[itemEnd - 1] !== CLOSE_BRACE ||
      !begins(bytes, start)
    ) {
      return false;
    }
    if (this.#end + BETWEEN.length !== itemStart) {
      if (this.#end !== NOWHERE) this.#runs.push(this.#lastRun);
      this.#start = itemStart;
    }
    this.#end = itemEnd;
    return true;
  }

  get #lastRun(): ItemRun {
    return { start: this.#start, end: this.#end, columns: this.#columns, separator: BETWEEN };
  }
}

function begins(bytes: Buffer, start: number): boolean {
  for (let index = 0; index < OPENING.length; index++) {
    if (bytes[start + index] !== OPENING[index]) return false;
  }
  return true;
}
