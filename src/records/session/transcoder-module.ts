import { readFileSync } from 'node:fs';

/** What the WebAssembly module exports; addresses and lengths are bytes of its memory. See assembly/transcoder.ts. */
export interface TranscoderExports {
  setLine(prefix: number, prefixLength: number, packed: number, packedLength: number): void;
  setSuffix(suffix: number, suffixLength: number): void;
  setColumns(columns: number, columnsLength: number): void;
  setSeparator(separator: number, separatorLength: number): void;
  setShape(
    isPacked: boolean,
    emitsData: boolean,
    isNestedText: boolean,
    isNumberText: boolean,
    growth: number,
  ): void;
  setWatch(counts: number, steps: number, stepCount: number): void;
  /** Where the largest watched value of a type stands since `begin`, without its quotes; 0 without one. */
  getLargestFrom(type: number): number;
  /** Where the closing quote stands of the string whose first byte behind the opening one is given. */
  findEnd(from: number): number;
  begin(from: number, end: number): void;
  transcode(to: number, toEnd: number): number;
  getFrom(): number;
  getTo(): number;
  hasNonAscii(): number;
}

/** What the module calls in its host. */
export interface TranscoderHost {
  /** Throws. */
  fail(expected: number, position: number): never;
  normaliseNumber(from: number, length: number, to: number): number;
  findAttribute(from: number, end: number): number;
  /** Above 0 when the first value of a type, from behind its opening quote to its closing one, is the larger one. */
  compareValues(type: number, from: number, end: number, other: number, otherEnd: number): number;
  /** 1 when a name is that of a step of the watched path. */
  isStep(step: number, from: number, end: number): number;
}

// Built from assembly/.
const MODULE_FILE = new URL(import.meta.resolve('#wasm/transcoder.wasm'));

/** Loads and compiles the module: some milliseconds of work, once per process. */
export function compileTranscoder(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(MODULE_FILE));
}

/** Creates an instance of the module over a memory. */
export function instantiateTranscoder(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  host: TranscoderHost,
): TranscoderExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, host: { ...host } });
  return exports as unknown as TranscoderExports;
}
