import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { parseSavedScan, type ScanState, type UnfitState } from '../scan/scan-state.ts';
import { parseRunning, type RunningExport } from '../export/export-state.ts';
import type { ChangeNumber } from './changes/change-number.ts';
import { parseSavedRepair, type SavedRepair } from './gaps/saved-repair.ts';

// Room for the numbers behind it, which have to be exact.
const LARGEST = Number.MAX_SAFE_INTEGER - 1e12;

/** What counts of the changes that were made well before a snapshot or repair: what they say is gone, or nothing. */
export type OldChanges = 'deletes' | 'nothing';

/** Where the reading of a shard stands that is not read to its end. */
export interface ShardState {
  readonly parent?: string;
  /** Sequence number of the last record that was written; absent: from the beginning of the shard. */
  readonly after?: string;
  /** Number of that record, or of the last one of the parent when that is not listed any more. */
  readonly cursor?: ChangeNumber;
  /** What counts of its old changes, which come first; absent once they are passed. */
  readonly only?: OldChanges;
}

/** Where the reading of a change stream stands, as it is saved. */
export interface ChangeState {
  readonly arn: string;
  readonly base: ChangeNumber;
  /** Up to when every shard is proven to be read, by AWS's clock; ISO 8601. */
  readonly read_to: string;
  /** Up to when anything was delivered at most; ISO 8601. */
  readonly read_to_latest: string;
  readonly shards: Readonly<Record<string, ShardState>>;
  /** The last number of each shard that was read to its end, until DescribeStream lists it no more. */
  readonly finished: Readonly<Record<string, ChangeNumber>>;
}

/** What a saved state of change capture says. */
export interface SavedChanges {
  readonly kind: 'stream';
  readonly stream: ChangeState;
  /** Where the snapshot stands, while there is one to be read: by a scan, or by an export. */
  readonly scan?: ScanState;
  readonly export?: RunningExport;
  /** Where the repair of a gap stands, while there is one. */
  readonly repair?: SavedRepair;
}

/**
 * Reads the `stream` of a stream state, and the `scan`, `export` and `repair` beside it; unfit when they are not of this
 * source's making.
 */
export function parseSavedChanges(state: JsonObject): SavedChanges | UnfitState {
  const { stream } = state;
  const reason = findFault(stream);
  if (reason !== undefined) return unfit(reason);
  const exporting = parseExports(state);
  if ('reason' in exporting) return exporting;
  const saved: SavedChanges = { kind: 'stream', stream: stream as ChangeState, ...exporting };
  if (!('scan' in state)) return saved;
  if (saved.export !== undefined) return unfit('it has a "scan" and an "export"');
  const scan = parseSavedScan({ scan: state.scan });
  return scan.kind === 'running' ? { ...saved, scan: scan.scan } : (scan as UnfitState);
}

/** The export of a repair, or else of the snapshot. */
function parseExports(state: JsonObject): Pick<SavedChanges, 'export' | 'repair'> | UnfitState {
  const running = 'export' in state ? parseRunning(state.export) : undefined;
  if ('export' in state && running === undefined) {
    return unfit('its "export" is not as this source writes it');
  }
  if (!('repair' in state)) {
    if (running?.scope.kind === 'incremental') return unfit('its "export" is not a full one');
    return running === undefined ? {} : { export: running };
  }
  const repair = parseSavedRepair(state.repair, running);
  return repair === undefined ? unfit('its "repair" is not as this source writes it') : { repair };
}

function unfit(reason: string): UnfitState {
  return { kind: 'unfit', reason };
}

/** Why the `stream` of a state cannot be gone on from, as a phrase. */
function findFault(value: unknown): string | undefined {
  if (!isJsonObject(value)) return '"stream" is not an object';
  const { arn, base, read_to: readTo, read_to_latest: latest, shards, finished } = value;
  if (typeof arn !== 'string') return '"stream.arn" is not a text';
  if (!isNumber(base)) return '"stream.base" is not a number of microseconds';
  if (!isTime(readTo)) return '"stream.read_to" is not a time';
  if (!isTime(latest)) return '"stream.read_to_latest" is not a time';
  if (Date.parse(latest) < Date.parse(readTo)) {
    return '"stream.read_to_latest" lies before "stream.read_to"';
  }
  if (!isRecordOf(shards, isShardState))
    return '"stream.shards" is not a list of positions by shard';
  if (!isRecordOf(finished, isNumber)) return '"stream.finished" is not a list of numbers by shard';
  return findContradiction(base, shards, finished);
}

function findContradiction(
  base: ChangeNumber,
  shards: ChangeState['shards'],
  finished: ChangeState['finished'],
): string | undefined {
  if (listNumbers(shards, finished).some((number) => number < base)) {
    return 'a number lies below "stream.base"';
  }
  const both = Object.keys(shards).find((id) => Object.hasOwn(finished, id));
  if (both !== undefined) return `the shard ${both} is finished and not`;
  return hasCycle(shards) ? 'shards wait for each other' : undefined;
}

/** The largest number that the state tells of. */
export function findLargestNumber({ base, shards, finished }: ChangeState): ChangeNumber {
  return listNumbers(shards, finished).reduce((largest, number) => Math.max(largest, number), base);
}

function listNumbers(
  shards: ChangeState['shards'],
  finished: ChangeState['finished'],
): readonly ChangeNumber[] {
  const cursors = Object.values(shards).flatMap(({ cursor }) => cursor ?? []);
  return [...cursors, ...Object.values(finished)];
}

function isShardState(value: unknown): value is ShardState {
  if (!isJsonObject(value)) return false;
  const { parent, after, cursor, only } = value;
  if (parent !== undefined && typeof parent !== 'string') return false;
  if (after !== undefined && typeof after !== 'string') return false;
  if (cursor !== undefined && !isNumber(cursor)) return false;
  if (only !== undefined) return (only === 'deletes' || only === 'nothing') && cursor === undefined;
  // Without its number the next record could not be numbered.
  return after === undefined || cursor !== undefined;
}

/** Whether a shard is an ancestor of itself, so that it would wait for itself. */
function hasCycle(shards: ChangeState['shards']): boolean {
  const cleared = new Set<string>();
  for (const id of Object.keys(shards)) {
    const path = new Set<string>();
    let current: string | undefined = id;
    while (current !== undefined && Object.hasOwn(shards, current) && !cleared.has(current)) {
      if (path.has(current)) return true;
      path.add(current);
      current = shards[current]?.parent;
    }
    for (const member of path) cleared.add(member);
  }
  return false;
}

function isNumber(value: unknown): value is ChangeNumber {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < LARGEST;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isRecordOf<Member>(
  value: unknown,
  isMember: (member: unknown) => member is Member,
): value is Readonly<Record<string, Member>> {
  return isJsonObject(value) && Object.values(value).every((member) => isMember(member));
}
