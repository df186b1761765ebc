import { hash } from 'node:crypto';
import type { ReadLimit, ScanConfig } from '../../config/config.ts';
import { buildExpressions, type ScanTarget } from '../../aws/dynamodb/scan-expressions.ts';
import type { ReadCapacity, SecondaryIndex, Table, TableSize } from '../../aws/dynamodb/tables.ts';
import { ConfigError } from '../../errors.ts';
import type { ScanScope } from './scan-state.ts';
import { countSegmentsBySize } from './segment-count.ts';

// One in 16 million pairs collides.
const FINGERPRINT_DIGITS = 6;

/**
 * How one table is scanned, according to its config and its description. The size is that of what is scanned: this
 * slice of the table or its index.
 */
export interface ScanSettings extends TableSize {
  readonly target: ScanTarget;
  readonly totalSegments: number;
  /** How many items a request may read; none means full 1 MB pages. */
  readonly pageSize?: number;
  /** What a state must have been written for to belong to this scan. */
  readonly scope: ScanScope;
  /** Read units per second that this connection may use: its slice's share of the budget; none means no budget. */
  readonly unitsPerSecond?: number;
  /** The capacity of what is scanned, all slices together. */
  readonly capacity: ReadCapacity;
  /** Sentences about what the user may not expect. */
  readonly remarks: readonly string[];
}

/**
 * Determines how a table is scanned.
 *
 * @throws ConfigError for an index that the table does not have, consistent reads of a global index, or a percentage of
 * a capacity that DescribeTable does not report.
 */
export function resolveScan(scan: ScanConfig, table: Table): ScanSettings {
  const index = findIndex(scan.indexName, table);
  const source = index ?? table;
  const consistentRead = resolveConsistency(scan, table, index);
  const totalSegments = scan.segments === 0 ? countSegmentsBySize(source.sizeBytes) : scan.segments;
  const share = 1 / (scan.slice?.count ?? 1);
  const budget = resolveBudget(scan.readLimit, source.capacity, describeSource(table, index));
  const keys = table.keys.map((key) => key.name);
  const expressions = buildExpressions({ ...scan, keys });
  return {
    target: {
      table: table.reference,
      consistentRead,
      isCompressed: scan.compressResponses,
      ...expressions,
      ...(index !== undefined && { indexName: index.name }),
    },
    totalSegments,
    scope: {
      ...(scan.slice !== undefined && { slice: scan.slice }),
      ...(index !== undefined && { index_name: index.name }),
      ...(Object.keys(expressions).length > 0 && { selection: fingerprint(expressions) }),
    },
    itemCount: Math.round(source.itemCount * share),
    sizeBytes: Math.round(source.sizeBytes * share),
    capacity: source.capacity,
    remarks:
      scan.consistentRead && !consistentRead
        ? [
            `${table.name}: ${scan.indexName ?? ''} is a global index, so its reads are eventually consistent.`,
          ]
        : [],
    ...(scan.pageSize !== undefined && { pageSize: scan.pageSize }),
    ...(budget !== undefined && { unitsPerSecond: budget * share }),
  };
}

function findIndex(name: string | undefined, table: Table): SecondaryIndex | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index !== undefined) return index;
  const names = table.indexes.map((candidate) => candidate.name).join(', ');
  throw new ConfigError(
    `The table ${table.name} has no index ${name}${names === '' ? ', or any other index' : `; it has ${names}`}. Check "index_name" in "table_options".`,
  );
}

function resolveConsistency(
  scan: ScanConfig,
  table: Table,
  index: SecondaryIndex | undefined,
): boolean {
  if (index?.isGlobal !== true) return scan.consistentRead;
  if (!scan.insistsOnConsistentRead) return false;
  throw new ConfigError(
    `The index ${index.name} of ${table.name} is global, and global indexes do not support consistent reads. Remove "consistent_read" from its "table_options", or set it to false.`,
  );
}

function resolveBudget(
  { maxReadCapacityUnits, readCapacityPercent }: ReadLimit,
  capacity: ReadCapacity,
  source: string,
): number | undefined {
  if (readCapacityPercent === undefined) return maxReadCapacityUnits;
  const whole = capacity.provisioned ?? capacity.onDemandMaximum ?? capacity.warm;
  if (whole === undefined) {
    throw new ConfigError(
      `"read_capacity_percent" cannot be applied to ${source}: DescribeTable reports no provisioned capacity, on-demand maximum or warm throughput. Set "max_read_capacity_units" instead.`,
    );
  }
  return Math.min(maxReadCapacityUnits ?? Infinity, (whole * readCapacityPercent) / 100);
}

function describeSource(table: Table, index: SecondaryIndex | undefined): string {
  return index === undefined ? table.name : `the index ${index.name} of ${table.name}`;
}

/** A short text that differs if the expressions differ; so a state contains no part of a filter. */
function fingerprint(expressions: object): string {
  return hash('sha256', JSON.stringify(expressions)).slice(0, FINGERPRINT_DIGITS);
}
