import { readFileSync } from 'node:fs';

interface LineCounterExports {
  count(from: number, end: number, start: number): void;
  getLines(): number;
  getRecords(): number;
}

// Built from assembly/ and laid beside this file.
const MODULE_FILE = new URL('./line-counter.wasm', import.meta.url);

const WASM_PAGE_BYTES = 1 << 16;
const NEWLINE = 0x0a;
const RECORD_START = Buffer.from('{"type":"RECORD"');
const START_ADDRESS = WASM_PAGE_BYTES;
// Room for bytes that wait, and behind it for those that come next.
const INPUT_ADDRESS = START_ADDRESS + 2 * RECORD_START.length;
const INPUT_BYTES = 1 << 20;

/** Counts lines, and those that begin as an Airbyte RECORD message, in bytes that come in pieces of any size. */
export class LineCounter {
  readonly #memory: Buffer;
  readonly #module: LineCounterExports;
  /** Bytes that wait before the input: it is not known yet what follows them. */
  #waiting = 1;

  constructor() {
    const initial = 2 + Math.ceil(INPUT_BYTES / WASM_PAGE_BYTES) + 1;
    const memory = new WebAssembly.Memory({ initial });
    const module = new WebAssembly.Module(readFileSync(MODULE_FILE));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#module = exports as unknown as LineCounterExports;
    this.#memory = Buffer.from(memory.buffer);
    RECORD_START.copy(this.#memory, START_ADDRESS);
    // The first line begins as if another were before it.
    this.#memory[INPUT_ADDRESS - 1] = NEWLINE;
  }

  /** Where the next bytes are to be written. */
  get input(): Buffer {
    return this.#memory.subarray(INPUT_ADDRESS, INPUT_ADDRESS + INPUT_BYTES);
  }

  /** Takes so many bytes that were written into the input. */
  add(bytes: number): void {
    const from = INPUT_ADDRESS - this.#waiting;
    const end = INPUT_ADDRESS + bytes;
    const known = Math.max(from, end - RECORD_START.length);
    this.#module.count(from, known, START_ADDRESS);
    this.#waiting = end - known;
    this.#memory.copyWithin(INPUT_ADDRESS - this.#waiting, known, end);
  }

  /** The lines that have ended, and the records that have begun. */
  finish(): { readonly lines: number; readonly records: number } {
    this.input.fill(0, 0, RECORD_START.length);
    this.#module.count(INPUT_ADDRESS - this.#waiting, INPUT_ADDRESS, START_ADDRESS);
    this.#waiting = 0;
    return { lines: this.#module.getLines() - 1, records: this.#module.getRecords() };
  }
}
