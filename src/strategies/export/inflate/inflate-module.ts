import { readFileSync } from 'node:fs';

/** What the WebAssembly module exports; addresses are bytes of its memory. See assembly/inflate.ts. */
export interface InflateExports {
  begin(stream: number): void;
  setInput(stream: number, from: number, end: number): void;
  /** Why it came to a halt, see `HALTS`; negative for damage. */
  inflate(stream: number, to: number, toEnd: number, window: number): number;
  getFrom(stream: number): number;
  getTo(stream: number): number;
  move(to: number, from: number, length: number): void;
  foldCrc32(from: number, length: number, window: number): void;
}

/** Halts that are no damage. */
export const HALTS = { done: 0, needsInput: 1, isFull: 2 } as const;

/** What damage is called, as zlib calls it, by the negative of its number. */
export const DAMAGES = [
  '',
  'invalid block type',
  'invalid stored block lengths',
  'invalid code lengths set',
  'invalid code',
  'invalid distance too far back',
] as const;

// Built from assembly/.
const MODULE_FILE = new URL(import.meta.resolve('#wasm/inflate.wasm'));

/** Loads the module over a memory. */
export function instantiateInflate(memory: WebAssembly.Memory): InflateExports {
  const module = new WebAssembly.Module(readFileSync(MODULE_FILE));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as InflateExports;
}
