import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { parseSavedChanges, type SavedChanges } from './streams/change-state.ts';
import { parseSavedScan, type SavedScan, type UnfitState } from './scan/scan-state.ts';

/**
 * What a stream's saved state says: nothing, where a scan or the changes of a table stand, or that another method wrote
 * it.
 *
 * `cursor` means an incremental cursor, such as Airbyte's own connector writes; `export` means exports, whatever other
 * members there are.
 */
export type SavedState = SavedScan | SavedChanges | { readonly kind: 'cursor' | 'export' };

/**
 * Parses a stream's saved state, which is unfit if this source cannot have written it. Nulls mean the same as absence.
 */
export function parseSavedState(saved: unknown): SavedState | UnfitState {
  if (saved === undefined || saved === null) return { kind: 'none' };
  if (!isJsonObject(saved)) return { kind: 'unfit', reason: 'it is not an object' };
  const state = dropNulls(saved) as JsonObject;
  if (Object.keys(state).length === 0) return { kind: 'none' };
  if ('stream' in state) return parseSavedChanges(state);
  if ('export' in state) return { kind: 'export' };
  if ('cursor' in state || 'cursor_field' in state) return { kind: 'cursor' };
  const scan = parseSavedScan(state);
  return scan.kind === 'none' ? { kind: 'unfit', reason: 'it has no "scan"' } : scan;
}

/** Tools that parse a state and write it again spell out absent members as null. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, dropNulls(member)]));
}
