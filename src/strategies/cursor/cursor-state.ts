import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import type { OrderedType } from '../../values/compare-values.ts';
import { parseDecimal } from '../../values/decimal.ts';
import { NOTHING_SEEN, type SeenValues } from '../../values/seen-values.ts';
import { findRunningFault, findScopeFault } from '../scan/scan-state-fault.ts';
import type { ScanScope, ScanState, UnfitState } from '../scan/scan-state.ts';
import type { CursorValue } from './cursor-value.ts';

/** What a running scan by a cursor has come to; members that another connector does not write may be missing. */
export interface RunningScan {
  readonly scan: ScanState;
  /** AWS's time at the start of the first attempt, in milliseconds since 1970. */
  readonly startedAt?: number;
  readonly seen: SeenValues;
}

/** Whose share of the table a cursor holds for. */
export interface CursorScope extends ScanScope {
  /** Segments of all slices. */
  readonly total_segments?: number;
}

/** The state of an incremental stream with a cursor: of this source, or of Airbyte's own connector. */
export interface SavedCursor {
  readonly kind: 'cursor';
  /** Path of the attribute. */
  readonly field: readonly string[];
  /** Everything below it has been read; absent when there has been none yet. */
  readonly text?: string;
  /** Absent in states of Airbyte's own connector. */
  readonly type?: OrderedType;
  readonly scope: CursorScope;
  /** The scan that has not come to its end. */
  readonly running?: RunningScan;
}

const SCAN_MEMBERS = ['total_segments', 'segments', 'slice', 'index_name', 'selection'];
const SEGMENT_MEMBERS = ['segment', 'exclusive_start_key', 'complete'];

/**
 * Reads the state of a cursor. Members that are not known are passed over, as other connectors write some.
 *
 * @param state without nulls.
 */
export function parseSavedCursor(state: JsonObject): SavedCursor | UnfitState {
  const { cursor_field: field = [], cursor: text, cursor_type: type, scan } = state;
  const fault =
    findFieldFault(field) ??
    findValueFault(text, type) ??
    findScopeFault(pick(state, ['slice', 'index_name', 'selection']), '');
  if (fault !== undefined) return unfit(fault);
  const running = scan === undefined ? undefined : parseRunning(scan, type);
  if (running?.kind === 'unfit') return running;
  return {
    kind: 'cursor',
    field: [field].flat() as readonly string[],
    ...(typeof text === 'string' && { text }),
    ...((type === 'S' || type === 'N') && { type }),
    scope: pick(state, ['slice', 'index_name', 'selection', 'total_segments']),
    ...(running?.kind === 'running' && { running: running.running }),
  };
}

function findFieldFault(field: unknown): string | undefined {
  const names: readonly unknown[] = [field].flat();
  return names.every((name) => typeof name === 'string') ? undefined : '"cursor_field" is no path';
}

function findValueFault(text: unknown, type: unknown): string | undefined {
  if (type !== undefined && type !== 'S' && type !== 'N') return '"cursor_type" is not S or N';
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return '"cursor" is not text';
  const isFit = type !== 'N' || parseDecimal(text) !== undefined;
  return isFit ? undefined : '"cursor" is not a number';
}

type ParsedRunning =
  | { readonly kind: 'running'; readonly running: RunningScan }
  | { readonly kind: 'not begun' }
  | UnfitState;

function parseRunning(value: unknown, type: unknown): ParsedRunning {
  if (!isJsonObject(value)) return unfit('"scan" is not an object');
  if (Object.keys(value).length === 0) return { kind: 'not begun' };
  const scan = completeScan(value);
  const { max_cursor: largest, started_at: startedAt } = value;
  const fault = findRunningFault({ scan }) ?? findLargestFault(largest, type);
  if (fault !== undefined) return unfit(fault);
  const time = typeof startedAt === 'string' ? Date.parse(startedAt) : NaN;
  return {
    kind: 'running',
    running: {
      scan: scan as unknown as ScanState,
      ...(!Number.isNaN(time) && { startedAt: time }),
      seen: readSeen(value.seen, largest, type),
    },
  };
}

/** A scan with what Airbyte's own connector leaves out of it, and without what only that writes. */
function completeScan(scan: JsonObject): JsonObject {
  const { segments, exclusive_start_key: key } = scan;
  // A scan in one segment is not cut up.
  const listed: unknown = segments ?? [
    { segment: 0, ...(key !== undefined && { exclusive_start_key: key }) },
  ];
  const total = Array.isArray(listed) ? Math.max(1, listed.length) : undefined;
  return {
    ...(total !== undefined && { total_segments: total }),
    ...pick(scan, SCAN_MEMBERS),
    segments: Array.isArray(listed)
      ? listed.map((segment: unknown) =>
          isJsonObject(segment) ? { complete: false, ...pick(segment, SEGMENT_MEMBERS) } : segment,
        )
      : listed,
  };
}

function findLargestFault(largest: unknown, type: unknown): string | undefined {
  if (largest === undefined) return undefined;
  if (typeof largest !== 'string') return '"scan.max_cursor" is not text';
  if (type === 'N' && parseDecimal(largest) === undefined)
    return '"scan.max_cursor" is not a number';
  return undefined;
}

/** What was seen before; a count that is none says nothing. */
function readSeen(value: unknown, largest: unknown, type: unknown): SeenValues {
  const { items, ...counts } = isJsonObject(value) ? value : {};
  const isLargest = type !== undefined && largest !== undefined;
  return {
    items: isCount(items) ? items : 0,
    counts: Object.fromEntries(
      Object.entries(counts).filter(([, count]) => isCount(count)),
    ) as SeenValues['counts'],
    largest: isLargest ? { [type as OrderedType]: largest as string } : NOTHING_SEEN.largest,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Where a scan by a cursor stands. */
export interface CursorProgress {
  readonly field: readonly string[];
  readonly previous?: CursorValue;
  readonly largest?: CursorValue;
  readonly seen: SeenValues;
  readonly startedAt?: number;
}

/** The state of a scan that is going on, `scan` being that of its segments. */
export function toRunningState(progress: CursorProgress, scan: unknown): JsonObject {
  const { field, previous, largest, seen, startedAt } = progress;
  const type = previous?.type ?? largest?.type;
  return {
    cursor_field: field,
    ...(previous && { cursor: previous.text }),
    ...(type && { cursor_type: type }),
    scan: {
      ...(scan as JsonObject),
      ...(startedAt !== undefined && { started_at: formatSecond(startedAt) }),
      ...(largest && { max_cursor: largest.text }),
      seen: { items: seen.items, ...seen.counts },
    },
  };
}

/** The state between two syncs. */
export function toFinishedState(
  field: readonly string[],
  cursor: CursorValue | undefined,
  { slice, total_segments: total, ...scope }: CursorScope,
): JsonObject {
  return {
    cursor_field: field,
    ...(cursor && { cursor: cursor.text, cursor_type: cursor.type }),
    ...scope,
    ...(slice && { slice, total_segments: total }),
  };
}

/** `2026-11-26T12:03:20Z` */
function formatSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

function unfit(reason: string): UnfitState {
  return { kind: 'unfit', reason };
}
