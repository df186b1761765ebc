import type { Pace } from './paced-writer.ts';
import type { ShapeName } from './shapes.ts';

/** How a replay server behaves for as long as it runs. */
export interface ServerOptions extends Pace {
  /** What ListTables answers. Every well-formed table name can be read, listed or not. */
  readonly tables: readonly string[];
  /** Open shards of each table's change stream. */
  readonly shards: number;
  /** With it the server speaks TLS. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string };
}

/** What the bench asks of the server; each message has one answer. */
export type ServerMessage =
  | { readonly kind: 'prepare'; readonly shape: ShapeName }
  | { readonly kind: 'reset' }
  | { readonly kind: 'stats' };

/** The answer to `prepare`: the pages of a shape as they were rendered. */
export interface PageFacts {
  readonly itemsPerPage: number;
  /** Mean bytes of an item on the wire. */
  readonly itemBytes: number;
}

/** The answer to `stats`: what was served since `reset`. */
export interface ServerStats {
  readonly scans: number;
  readonly items: number;
  readonly bodyBytes: number;
  /** Milliseconds from request to last write, summed: timers fire late, so it is more than was asked for. */
  readonly servedMs: number;
  /** `process.hrtime` of the first Scan, in ns; the clock is the machine's, so other processes can compare. */
  readonly firstScanAt: string;
}
