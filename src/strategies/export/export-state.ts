import type { ExportScope } from '../../aws/dynamodb/exports.ts';
import type { ScanSlice } from '../../config/config.ts';
import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import type { UnfitState } from '../scan/scan-state.ts';
import { parseTime, renderTime } from './export-time.ts';

const MS_PER_SECOND = 1000;

/** How much of a data file is read: items, or all of it. */
export type FileProgress = number | true;

/** An export that is being waited for, or read. */
export interface RunningExport {
  readonly scope: ExportScope;
  /** Absent until it was started. */
  readonly arn?: string;
  /** Key of its `manifest-summary.json`, once that is known. */
  readonly manifest?: string;
  /** So many files at the beginning of its list are read. */
  readonly first: number;
  /** Files behind those of which something is read, by their names. */
  readonly files: ReadonlyMap<string, FileProgress>;
}

/** An export of which nothing is read yet. */
export function createRunning(scope: ExportScope, arn?: string): RunningExport {
  return { scope, first: 0, files: new Map(), ...(arn !== undefined && { arn }) };
}

/** What a saved stream state says about the exports of its table. */
export interface SavedExport {
  readonly kind: 'export';
  readonly running?: RunningExport;
  /** Everything before it is read; milliseconds since 1970. */
  readonly until?: number;
  /** ARN of the table that it is of; states of earlier versions do not have it. */
  readonly table?: string;
  /** Whether a full refresh came to its end. */
  readonly isComplete: boolean;
  /** The share of the files that was read; all without it. */
  readonly slice?: ScanSlice;
}

/** The JSON of a state. */
export function renderExportState(saved: Omit<SavedExport, 'kind'>): JsonObject {
  const { running, until, table, isComplete, slice } = saved;
  const isEmpty = running === undefined && until === undefined;
  return {
    ...(running !== undefined && { export: renderRunning(running) }),
    ...(until !== undefined && { until: renderTime(until) }),
    ...(table !== undefined && !isEmpty && { table }),
    ...(isComplete && { complete: true }),
    ...(slice !== undefined && { slice }),
  };
}

/** Reads `export` and `until` of a stream state, which is unfit when it is not of this source's making. */
export function parseSavedExport(state: JsonObject): SavedExport | UnfitState {
  const { export: exported, until: untilText, table, complete, slice } = state;
  const running = exported === undefined ? undefined : parseRunning(exported);
  const until = untilText === undefined ? undefined : parseTime(untilText);
  const hasBadRunning = exported !== undefined && running === undefined;
  if (hasBadRunning) return unfit('its "export" is not as this source writes it');
  if (untilText !== undefined && until === undefined) return unfit('its "until" is not a time');
  if (!isText(table)) return unfit('its "table" is not a text');
  if (complete !== undefined && complete !== true) return unfit('its "complete" is not true');
  if (slice !== undefined && !isSlice(slice)) return unfit('its "slice" is not a slice');
  if (running?.scope.kind === 'incremental' && !goesOn(running.scope.from, until)) {
    return unfit('its "export" does not begin where "until" ends');
  }
  return {
    kind: 'export',
    isComplete: complete === true,
    ...(running !== undefined && { running }),
    ...(until !== undefined && { until }),
    ...(table !== undefined && { table }),
    ...(slice !== undefined && { slice }),
  };
}

function unfit(reason: string): UnfitState {
  return { kind: 'unfit', reason };
}

/** The moment up to which an export has everything, in milliseconds since 1970. */
export function endOf(scope: ExportScope): number {
  return scope.kind === 'full' ? scope.time : scope.to;
}

/** Whether a window begins where everything is read, or in the second of it: those made by others may be no finer. */
function goesOn(from: number, until: number | undefined): boolean {
  return until !== undefined && from <= until && until - from < MS_PER_SECOND;
}

/** An export as states have it. */
export function renderRunning({ scope, arn, manifest, first, files }: RunningExport): JsonObject {
  return {
    ...(arn !== undefined && { arn }),
    ...(manifest !== undefined && { manifest }),
    ...(scope.kind === 'incremental' && { from: renderTime(scope.from) }),
    time: renderTime(endOf(scope)),
    ...(first > 0 && { first }),
    files: Object.fromEntries(files),
  };
}

/** Reads an export of a state; undefined for what is not of this source's making. */
export function parseRunning(value: unknown): RunningExport | undefined {
  if (!isJsonObject(value)) return undefined;
  const { arn, manifest, from: fromText, time: timeText, first = 0, files = {} } = value;
  const time = parseTime(timeText);
  const from = fromText === undefined ? undefined : parseTime(fromText);
  if (time === undefined || (fromText === undefined) !== (from === undefined)) return undefined;
  if (!isText(arn) || !isText(manifest) || !isCount(first) || !isJsonObject(files))
    return undefined;
  const entries = Object.entries(files);
  if (!entries.every(([, done]) => done === true || isCount(done))) return undefined;
  return {
    scope: from === undefined ? { kind: 'full', time } : { kind: 'incremental', from, to: time },
    first,
    files: new Map(entries as [string, FileProgress][]),
    ...(arn !== undefined && { arn }),
    ...(manifest !== undefined && { manifest }),
  };
}

function isSlice(value: unknown): value is ScanSlice {
  return (
    isJsonObject(value) && isCount(value.index) && isCount(value.count) && value.index < value.count
  );
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
