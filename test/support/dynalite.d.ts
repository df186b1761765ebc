/** The part of dynalite 4 that the tests use; the package brings no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** How long a table stays CREATING, DELETING or UPDATING, in milliseconds. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
    readonly maxItemSizeKb?: number;
    /** Directory of a LevelDB store; in memory without it. */
    readonly path?: string;
  }

  /** A server that is not listening yet; closing it closes its store. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
