import { setTimeout as sleepFor } from 'node:timers/promises';
import { CHUNK_BYTES } from './inflate/inflate-messages.ts';

/** What tests set otherwise. */
export interface ExportTuning {
  /** Bytes of lines that a page has at least. */
  readonly pageBytes: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How exports are read outside of tests. */
export const EXPORT_TUNING: ExportTuning = {
  // With the chunk that goes beyond it, and the beginning of a line that is left of the page before, a megabyte.
  pageBytes: (1 << 20) - CHUNK_BYTES - (1 << 14),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
};
