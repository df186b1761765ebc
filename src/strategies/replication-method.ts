import type { RawItem } from '../aws/dynamodb/attribute-value.ts';
import type { ScanTarget } from '../aws/dynamodb/scan-expressions.ts';
import type { Table, TableSize } from '../aws/dynamodb/tables.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import type { CursorPlan } from './cursor/cursor-plan.ts';
import type { ExportPlan } from './export/export-plan.ts';
import type { Prices } from './prices.ts';
import type { FinishedPlan } from './read-plan.ts';
import type { ReadWay } from './read-way.ts';
import type { SavedState } from './saved-state.ts';
import type { ScanPlan } from './scan/scan-plan.ts';
import type { SourceContext } from './source-context.ts';
import type { FullRefreshPlan } from './streams/full-refresh.ts';
import type { StreamPlan } from './streams/stream-plan.ts';

/** How a table is read as it is configured, and what that takes. */
export interface ConfiguredWay {
  readonly way: ReadWay;
  /** Sentences about what the user may not expect. */
  readonly remarks: readonly string[];
}

/** A table that can be read. */
export interface CheckedTable {
  /** The size of what would be read. */
  readonly size: TableSize;
  /** Sentences about what the user may not expect. */
  readonly remarks: readonly string[];
  /** Items that were read to try the table. */
  readonly items: readonly RawItem[];
  /** What further items are scanned with. */
  readonly target: ScanTarget;
}

/** What a plan is made from. */
export interface PlanInput {
  readonly stream: ConfiguredStream;
  readonly table: Table;
  /** What an earlier read left. */
  readonly saved: SavedState;
  /** Whether only changes are read, where the method reads changes; a snapshot waits then. */
  readonly isChangesOnly?: boolean;
}

/** How a stream is read, as data; `openRead` creates the strategy from it. */
export type ReadPlan =
  FinishedPlan | ScanPlan | CursorPlan | FullRefreshPlan | StreamPlan | ExportPlan;

/** One value of `replication_method`: a folder of strategies/, and one line of `chooseMethod`. */
export interface ReplicationMethod {
  /** What every sync costs, in a sentence or two. */
  readonly costs: string;
  /**
   * Tries what a read of the table would do.
   *
   * @throws ConfigError, TransientError.
   */
  check(table: Table, source: SourceContext): Promise<CheckedTable>;
  /** The columns that the method adds to the records of a table, after those of the items: names and JSON schemas. */
  columns(table: Table): ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Why a table can only be read as a whole, a sentence; undefined when it can be read incrementally. */
  findObstacle(table: Table): string | undefined;
  /** What reads of the table will cost as they are configured, from its description alone. */
  estimate(table: Table, prices: Prices): ConfiguredWay;
  /**
   * Chooses how to read a stream from where its state left off. It only computes: it sends, creates and logs nothing.
   *
   * @throws ConfigError for a state that does not fit the table or the config.
   */
  plan(input: PlanInput): ReadPlan;
}
