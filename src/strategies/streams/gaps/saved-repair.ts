import { isJsonObject, type JsonObject } from '../../../json/json-object.ts';
import type { RunningExport } from '../../export/export-state.ts';
import { parseTime, renderTime } from '../../export/export-time.ts';
import type { ExportWindow } from '../../export/export-windows.ts';
import type { ChangeNumber } from '../changes/change-number.ts';
import type { RepairWindows } from './repair-windows.ts';

/** A repair as it is saved. */
export interface SavedRepair extends RepairWindows {
  /** Number of the records of the first window; those of each next one have the next. */
  readonly base: ChangeNumber;
  /** Windows that are read. */
  readonly done: number;
  /** The export of the window whose turn it is, once it has begun. */
  readonly running?: RunningExport;
}

/** The JSON of a repair: its windows as pairs of times. */
export function renderRepair(repair: Omit<SavedRepair, 'running'>): JsonObject {
  const { base, windows, rows, readTo, done } = repair;
  return {
    base,
    windows: windows.map(({ from, to }) => [renderTime(from), renderTime(to)]),
    rows: rows.map(renderTime),
    read_to: renderTime(readTo),
    done,
  };
}

/** Reads a repair; undefined for what is not of this source's making, or when the export is not of the window. */
export function parseSavedRepair(
  value: unknown,
  running: RunningExport | undefined,
): SavedRepair | undefined {
  if (!isJsonObject(value) || !Array.isArray(value.windows) || !Array.isArray(value.rows)) {
    return undefined;
  }
  const { base, done } = value;
  const readTo = parseTime(value.read_to);
  const rows = value.rows.flatMap((time) => parseTime(time) ?? []);
  const windows = value.windows.flatMap((window) => parseWindow(window) ?? []);
  const isWhole = windows.length === value.windows.length && rows.length === value.rows.length;
  if (
    !isWhole ||
    readTo === undefined ||
    !isCount(base) ||
    !isCount(done) ||
    done >= windows.length
  )
    return undefined;
  const window = windows[done];
  const { scope } = running ?? {};
  const isOfWindow =
    scope?.kind === 'incremental' && scope.from === window?.from && scope.to === window.to;
  if (scope !== undefined && !isOfWindow) return undefined;
  return { base, windows, rows, readTo, done, ...(running !== undefined && { running }) };
}

function parseWindow(value: unknown): ExportWindow | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value.map(parseTime);
  return from === undefined || to === undefined || from >= to ? undefined : { from, to };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
