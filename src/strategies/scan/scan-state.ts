import type { ScanSlice } from '../../config/config.ts';
import { isStartKey, type RawItem } from '../../aws/dynamodb/attribute-value.ts';
import { isJsonObject, type JsonObject } from '../../json/json-object.ts';

/** Where one segment stands; a segment without a start key and not complete begins at its beginning. */
export interface SegmentState {
  readonly segment: number;
  readonly exclusive_start_key?: RawItem;
  readonly complete: boolean;
}

/** What else a start key is only valid for: the share of the scan, and the index that was scanned. */
export interface ScanScope {
  readonly slice?: ScanSlice;
  readonly index_name?: string;
  /** Tells the filter and projection of a running scan from others; absent without either. */
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

/**
 * The state of a table that was scanned to its end.
 *
 * That of a slice names the number of segments, since its share is another one for every number.
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

const MOST_SEGMENTS = 1_000_000;

/**
 * Reads the `scan` and `scan_complete` of a stream state; undefined when they are not of this source's making.
 *
 * The state of Airbyte's own connector has neither, so it says nothing about a scan.
 */
export function parseSavedScan(state: Readonly<Record<string, unknown>>): SavedScan | undefined {
  if ('scan' in state) {
    return isScanState(state.scan) ? { kind: 'running', scan: state.scan } : undefined;
  }
  if (!('scan_complete' in state)) return { kind: 'none' };
  return state.scan_complete === true && isScope(state)
    ? { kind: 'finished', scope: state, totalSegments: Number(state.total_segments) }
    : undefined;
}

/** Whether two scans read the same share of the same thing. */
export function isSameScope(a: ScanScope, b: ScanScope): boolean {
  return (
    a.index_name === b.index_name &&
    a.slice?.index === b.slice?.index &&
    a.slice?.count === b.slice?.count
  );
}

function isScanState(value: unknown): value is ScanState {
  if (!isJsonObject(value)) return false;
  const { total_segments: total, segments } = value;
  if (!isScope(value)) return false;
  if (!isIndex(total) || total < 1 || total > MOST_SEGMENTS || !Array.isArray(segments)) {
    return false;
  }
  const numbers = segments.map((member: unknown) =>
    isSegmentState(member, total) ? member.segment : undefined,
  );
  return !numbers.includes(undefined) && new Set(numbers).size === numbers.length;
}

function isScope(value: Readonly<Record<string, unknown>>): value is ScanScope & typeof value {
  const { slice, index_name: indexName, selection } = value;
  if (selection !== undefined && typeof selection !== 'string') return false;
  if (indexName !== undefined && typeof indexName !== 'string') return false;
  if (slice === undefined) return true;
  return (
    isJsonObject(slice) && isIndex(slice.index) && isIndex(slice.count) && slice.index < slice.count
  );
}

function isSegmentState(value: unknown, total: number): value is SegmentState {
  if (!isJsonObject(value) || typeof value.complete !== 'boolean') return false;
  const { segment, exclusive_start_key: key } = value;
  return isIndex(segment) && segment < total && (key === undefined || isStartKey(key));
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
