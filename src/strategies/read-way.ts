import type { TableSize } from '../aws/dynamodb/tables.ts';

/** Later syncs are taken to run every hour. */
export const SYNCS_A_MONTH = 730;
/** DescribeTable does not say how much of a table changes, so this is an assumption: the share that changes in a day. */
export const CHANGED_SHARE_A_DAY = 0.01;
const SYNCS_A_DAY = 24;
const SECONDS_PER_HOUR = 3600;

/** What can hold a read up. */
export type Bottleneck = 'segments' | 'read budget' | 'read capacity' | 'connector' | 'export';

/** A way to read a table, by its replication method; scans are told apart by their consistency. */
export type WayName = 'Scan (strong)' | 'Scan (eventual)' | 'Streams' | 'Export';

/** What a table has to have first: an enabled change stream with new images, or point-in-time recovery. */
export type WayNeed = 'change stream' | 'recovery';

/** What one sync takes. Money is in US dollars, as if read units were bought for it. */
export interface SyncCost {
  readonly readUnits: number;
  readonly cost: number;
  readonly seconds: number;
}

/** What reading one table in one way takes. */
export interface ReadWay {
  readonly name: WayName;
  readonly first: SyncCost;
  /** What holds the first sync up. */
  readonly bottleneck: Bottleneck;
  /** Each later sync, as an incremental one. */
  readonly later: SyncCost;
  /** US dollars a month for something that is paid for besides the syncs. */
  readonly standingCost: number;
  /** What the table may lack. */
  readonly needs?: WayNeed;
}

/** What later syncs cost in a month, together with what is paid for besides. Longer ones follow each other. */
export function costAMonth({ later, standingCost }: ReadWay): number {
  const share = Math.min(1, SECONDS_PER_HOUR / later.seconds);
  return later.cost * SYNCS_A_MONTH * share + standingCost;
}

/** How much of a table changes between two syncs, by the assumption. */
export function assumeChanges({ itemCount, sizeBytes }: TableSize): TableSize {
  const share = CHANGED_SHARE_A_DAY / SYNCS_A_DAY;
  return { itemCount: itemCount * share, sizeBytes: sizeBytes * share };
}
