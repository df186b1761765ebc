import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { parseSavedCursor, type SavedCursor } from './cursor/cursor-state.ts';
import { parseSavedExport, type SavedExport } from './export/export-state.ts';
import { parseSavedScan, type SavedScan, type UnfitState } from './scan/scan-state.ts';
import { parseSavedChanges, type SavedChanges } from './streams/change-state.ts';

/**
 * What a stream's saved state says: nothing, or where a scan, a cursor, the changes or the exports of a table stand.
 */
export type SavedState = SavedScan | SavedCursor | SavedChanges | SavedExport;

/**
 * Parses a stream's saved state, which is unfit if this source cannot have written it. Nulls mean the same as absence.
 */
export function parseSavedState(saved: unknown): SavedState | UnfitState {
  if (saved === undefined || saved === null) return { kind: 'none' };
  if (!isJsonObject(saved)) return { kind: 'unfit', reason: 'it is not an object' };
  const state = dropNulls(saved) as JsonObject;
  if (Object.keys(state).length === 0) return { kind: 'none' };
  if ('stream' in state) return parseSavedChanges(state);
  if ('export' in state || 'until' in state) return parseSavedExport(state);
  if ('cursor' in state || 'cursor_field' in state) return parseSavedCursor(state);
  if (isScanOfNothing(state)) return { kind: 'none' };
  const scan = parseSavedScan(state);
  return scan.kind === 'none' ? { kind: 'unfit', reason: 'it has no "scan"' } : scan;
}

/** Airbyte's own connector writes `{"scan":{}}` before it has read anything. */
function isScanOfNothing({ scan, ...others }: JsonObject): boolean {
  return isJsonObject(scan) && Object.keys({ ...scan, ...others }).length === 0;
}

/** Tools that parse a state and write it again spell out absent members as null. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, dropNulls(member)]));
}
