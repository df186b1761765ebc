/** Bytes of the input that are handed over at a time, at most. */
export const INPUT_BYTES = 1 << 20;
/** Bytes that are inflated at a time, at most. */
export const OUTPUT_BYTES = 1 << 18;
/** How far back a match of deflate reaches. */
export const WINDOW_BYTES = 1 << 15;

const WASM_PAGE_BYTES = 1 << 16;
// The module's own data lies in the first kilobytes.
const FOLD_WINDOW_ADDRESS = 1 << 15;
const PLACES_ADDRESS = WASM_PAGE_BYTES;
// See assembly/stream.ts.
const STREAM_BYTES = 1 << 14;
// What is left of an input, for which more is needed: at most a header of a member.
const REST_BYTES = (1 << 16) + (1 << 10);
// The module reads and writes blocks, and so somewhat beyond an end.
const SLACK_BYTES = 1 << 6;
const OUTPUTS = 2;
const OUTPUT_ROOM_BYTES = WINDOW_BYTES + OUTPUT_BYTES + SLACK_BYTES;
const PLACE_BYTES =
  STREAM_BYTES + REST_BYTES + INPUT_BYTES + SLACK_BYTES + OUTPUTS * OUTPUT_ROOM_BYTES;

/** Addresses of what belongs to one stream. */
export interface InflatePlace {
  readonly stream: number;
  /** Where an input goes; what is left of the one before ends there. */
  readonly input: number;
  /** Where the outputs begin, which are filled in turn; the window is before them. */
  readonly outputs: readonly [number, number];
}

/** For the CRC-32 of what was inflated. */
export const CRC_WINDOW_ADDRESS = FOLD_WINDOW_ADDRESS;

/**
 * Creates the memory that the worker inflates in, which both threads see. It never grows, and counts only where it is
 * touched.
 */
export function createInflateMemory(places: number): WebAssembly.Memory {
  const pages = Math.ceil((PLACES_ADDRESS + places * PLACE_BYTES) / WASM_PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: MOST_MEMORY_PAGES, shared: true });
}

// As the module was built with: asconfig.json.
const MOST_MEMORY_PAGES = 1024;

/** The addresses of a place. */
export function placeAt(index: number): InflatePlace {
  const stream = PLACES_ADDRESS + index * PLACE_BYTES;
  const input = stream + STREAM_BYTES + REST_BYTES;
  const first = input + INPUT_BYTES + SLACK_BYTES + WINDOW_BYTES;
  return { stream, input, outputs: [first, first + OUTPUT_ROOM_BYTES] };
}
