import { isStartKey } from '../../aws/dynamodb/attribute-value.ts';
import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { quoteName } from '../../text/quote-names.ts';

const MOST_SEGMENTS = 1_000_000;
// An unknown member may be misspelt, or be needed by a newer version: ignoring it could skip or repeat items.
const RUNNING_STATE_MEMBERS = ['scan'];
const FINISHED_STATE_MEMBERS = ['scan_complete', 'slice', 'index_name', 'total_segments'];
const SCAN_MEMBERS = ['total_segments', 'segments', 'slice', 'index_name', 'selection'];
const SEGMENT_MEMBERS = ['segment', 'exclusive_start_key', 'complete'];
const SLICE_MEMBERS = ['index', 'count'];

/**
 * Says why no scan can continue from a stream state with `scan`, like `"scan.segments" is not a list`; undefined if one
 * can. Each member is named by its path.
 */
export function findRunningFault(state: JsonObject): string | undefined {
  const { scan } = state;
  if ('scan_complete' in state) return 'it has both "scan" and "scan_complete"';
  if (!isJsonObject(scan)) return '"scan" is not an object';
  const { total_segments: total, segments } = scan;
  const fault =
    findUnknownMember(state, RUNNING_STATE_MEMBERS, '') ??
    findUnknownMember(scan, SCAN_MEMBERS, 'scan.') ??
    findScopeFault(scan, 'scan.');
  if (fault !== undefined) return fault;
  if (!isCount(total)) return '"scan.total_segments" is not a number of segments';
  if (!Array.isArray(segments)) return '"scan.segments" is not a list';
  return findFaultOfSegments(segments, total);
}

/** Says why a stream state with `scan_complete` alone cannot belong to a finished scan; undefined if it can. */
export function findFinishedFault(state: JsonObject): string | undefined {
  const { scan_complete: isComplete, total_segments: total, slice } = state;
  if (isComplete !== true) return '"scan_complete" is not true';
  const fault = findUnknownMember(state, FINISHED_STATE_MEMBERS, '') ?? findScopeFault(state, '');
  if (fault !== undefined) return fault;
  if (total === undefined) {
    return slice === undefined ? undefined : 'it has a "slice" without "total_segments"';
  }
  return isCount(total) ? undefined : '"total_segments" is not a number of segments';
}

function findUnknownMember(
  object: JsonObject,
  known: readonly string[],
  path: string,
): string | undefined {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `${quoteName(path + unknown)} is unknown`;
}

/** Says what is wrong with the share of a scan, whose members stand in `value`; undefined when nothing is. */
export function findScopeFault(value: JsonObject, path: string): string | undefined {
  const { slice, index_name: indexName, selection } = value;
  if (selection !== undefined && typeof selection !== 'string') {
    return `"${path}selection" is not text`;
  }
  if (indexName !== undefined && (typeof indexName !== 'string' || indexName === '')) {
    return `"${path}index_name" is not the name of an index`;
  }
  if (slice === undefined) return undefined;
  if (!isJsonObject(slice)) return `"${path}slice" is not an object`;
  const { index, count } = slice;
  if (!isIndex(index) || !isIndex(count) || index >= count) {
    return `"${path}slice" does not say which of how many it is`;
  }
  return findUnknownMember(slice, SLICE_MEMBERS, `${path}slice.`);
}

function findFaultOfSegments(segments: readonly unknown[], total: number): string | undefined {
  const seen = new Set<number>();
  for (const [at, value] of segments.entries()) {
    const path = `scan.segments[${at}]`;
    const fault = findSegmentFault(value, path);
    if (fault !== undefined) return fault;
    const { segment } = value as { readonly segment: number };
    if (segment >= total) return `"${path}" is beyond the ${total} segments of the scan`;
    if (seen.has(segment)) return `it lists segment ${segment} twice`;
    seen.add(segment);
  }
  return undefined;
}

function findSegmentFault(value: unknown, path: string): string | undefined {
  if (!isJsonObject(value)) return `"${path}" is not an object`;
  const { segment, exclusive_start_key: key, complete } = value;
  const unknown = findUnknownMember(value, SEGMENT_MEMBERS, `${path}.`);
  if (unknown !== undefined) return unknown;
  if (!isIndex(segment)) return `"${path}.segment" is not the number of a segment`;
  if (typeof complete !== 'boolean') return `"${path}.complete" is neither true nor false`;
  if (key === undefined) return undefined;
  // Whichever of the two is wrong, trusting the other could skip the rest of the segment.
  if (complete) return `"${path}" is complete but has a start key`;
  return isStartKey(key) ? undefined : `"${path}.exclusive_start_key" is not a key`;
}

function isCount(value: unknown): value is number {
  return isIndex(value) && value >= 1 && value <= MOST_SEGMENTS;
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
