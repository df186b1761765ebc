import type { ScanSlice } from '../../config/config.ts';
import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { JsonObject } from '../../json/json-object.ts';
import { findFinishedFault, findRunningFault } from './scan-state-fault.ts';

/** Where one segment stands; if it has no start key and is not complete, it starts at its beginning. */
export interface SegmentState {
  readonly segment: number;
  readonly exclusive_start_key?: RawItem;
  readonly complete: boolean;
}

/** What else a start key depends on: the share of the scan, and the index that was scanned. */
export interface ScanScope {
  readonly slice?: ScanSlice;
  readonly index_name?: string;
  /** Identifies the filter and projection of a running scan; absent if it has neither. */
  readonly selection?: string;
}

/** Where a running scan stands. Segments that are not listed have not begun. */
export interface ScanState extends ScanScope {
  readonly total_segments: number;
  readonly segments: readonly SegmentState[];
}

/** What a saved stream state says about the scan of its table. */
export type SavedScan =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly scan: ScanState }
  | { readonly kind: 'finished'; readonly scope: ScanScope; readonly totalSegments: number };

/** A saved state that nothing can continue from; `reason` is a phrase such as `"scan.segments" is not a list`. */
export interface UnfitState {
  readonly kind: 'unfit';
  readonly reason: string;
}

/**
 * The state of a table that was scanned to its end.
 *
 * The state of a slice includes the number of segments, since its share depends on it.
 */
export function toFinishedState(
  { slice, index_name: indexName }: ScanScope,
  totalSegments: number,
): JsonObject {
  return {
    scan_complete: true,
    ...(slice && { slice }),
    ...(indexName && { index_name: indexName }),
    ...(slice && { total_segments: totalSegments }),
  };
}

/**
 * Reads the `scan` and `scan_complete` of a stream state; they are unfit when a member is unknown or contradicts
 * another.
 *
 * The state of Airbyte's own connector has neither, so it says nothing about a scan.
 */
export function parseSavedScan(state: JsonObject): SavedScan | UnfitState {
  if ('scan' in state) {
    const reason = findRunningFault(state);
    return reason === undefined
      ? { kind: 'running', scan: state.scan as ScanState }
      : { kind: 'unfit', reason };
  }
  if (!('scan_complete' in state)) return { kind: 'none' };
  const reason = findFinishedFault(state);
  return reason === undefined
    ? { kind: 'finished', scope: state, totalSegments: Number(state.total_segments) }
    : { kind: 'unfit', reason };
}

/** Whether two scans read the same share of the same table or index. */
export function isSameScope(a: ScanScope, b: ScanScope): boolean {
  return (
    a.index_name === b.index_name &&
    a.slice?.index === b.slice?.index &&
    a.slice?.count === b.slice?.count
  );
}
