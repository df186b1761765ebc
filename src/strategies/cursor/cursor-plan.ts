import type { RecordConfig, ScanConfig } from '../../config/config.ts';
import type { ScanTarget } from '../../aws/dynamodb/scan-expressions.ts';
import type { Table } from '../../aws/dynamodb/tables.ts';
import type { ConfiguredStream } from '../../protocol/configured-catalog.ts';
import { parseDecimal } from '../../values/decimal.ts';
import type { WatchedAttribute } from '../../values/seen-values.ts';
import { describeForeignState } from '../foreign-state.ts';
import type { Notice } from '../read-plan.ts';
import type { SavedState } from '../saved-state.ts';
import {
  createStateError,
  planResumedScan,
  planWholeScan,
  type ScanPlan,
} from '../scan/scan-plan.ts';
import { describeScope } from '../scan/describe-scope.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import { isSameScope, type ScanScope } from '../scan/scan-state.ts';
import { inferCursorType, quotePath, toAttributePath } from './cursor-path.ts';
import { addCursor } from './cursor-settings.ts';
import type { RunningScan, SavedCursor } from './cursor-state.ts';
import { type CursorValue, reachBack } from './cursor-value.ts';

/** How a table is read by a cursor, and from where. */
export interface CursorPlan extends Omit<ScanPlan, 'kind'> {
  readonly kind: 'cursor';
  readonly cursor: CursorRead;
  readonly watch: WatchedAttribute;
}

/** What the cursor of a read is, and where it stands. */
export interface CursorRead {
  readonly stream: string;
  /** The path of it in the records, as the catalog has it. */
  readonly field: readonly string[];
  /** Everything below it was read by earlier syncs; without it all items are read. */
  readonly previous?: CursorValue;
  /** What an earlier attempt has come to; its scan is gone on with. */
  readonly resumed?: RunningScan;
  /** How far it stays behind the start of the read if it is a time. */
  readonly marginMs: number;
  readonly overlap?: string;
  /** The same scan of all items, whatever their cursor. */
  readonly allItems: ScanTarget;
}

/** What a read by a cursor is planned from. */
export interface CursorPlanInput {
  readonly stream: ConfiguredStream;
  readonly table: Table;
  readonly settings: ScanSettings;
  readonly scanConfig: ScanConfig;
  readonly records: RecordConfig;
  readonly marginMs: number;
  readonly saved: SavedState;
}

/** Where a read by a cursor begins. */
interface Beginning {
  readonly previous?: CursorValue;
  readonly resumed?: RunningScan;
  readonly notices: readonly Notice[];
}

/** Whether a stream is to be read by a cursor. */
export function hasCursor({ syncMode, cursorField }: ConfiguredStream): boolean {
  return syncMode === 'incremental' && cursorField.length > 0;
}

/**
 * Plans the read of what is new by a cursor.
 *
 * @throws ConfigError for a state that cannot be read.
 */
export function planCursorRead(input: CursorPlanInput): CursorPlan {
  const { stream, settings, scanConfig, marginMs } = input;
  const { name } = stream.descriptor;
  const path = toAttributePath(stream.cursorField, input.records);
  const { previous, resumed, notices } = findBeginning(input, path);
  const { cursorOverlap: overlap } = scanConfig;
  const scan = addCursor({
    settings,
    path,
    projected: listProjected(input),
    ...(previous && { atLeast: reachBack(previous, overlap) }),
  });
  const plan = resumed
    ? planResumedScan(name, scan.settings, resumed.scan)
    : planWholeScan(name, scan.settings);
  return {
    ...plan,
    kind: 'cursor',
    notices: [...notices, ...plan.notices],
    watch: scan.watch,
    cursor: {
      ...{ stream: name, field: stream.cursorField, marginMs, allItems: scan.allItems },
      ...(previous && { previous }),
      ...(resumed && { resumed }),
      ...(overlap !== undefined && { overlap }),
    },
  };
}

/** The attributes that records have under a projection; undefined without one. */
function listProjected({ scanConfig, table }: CursorPlanInput): readonly string[] | undefined {
  const { projection } = scanConfig;
  return projection && [...table.keys.map(({ name }) => name), ...projection];
}

function findBeginning(input: CursorPlanInput, path: readonly string[]): Beginning {
  const { stream, saved } = input;
  const { name } = stream.descriptor;
  switch (saved.kind) {
    case 'none':
      return { notices: [describeFirst(name, path)] };
    case 'running':
    case 'finished':
      return {
        notices: [warn(`${name}: the state holds no cursor, so the whole table is read again.`)],
      };
    case 'stream':
    case 'export':
      return { notices: [describeForeignState(name), describeFirst(name, path)] };
    case 'cursor':
      return goOnFrom(saved, input, path);
  }
}

function goOnFrom(saved: SavedCursor, input: CursorPlanInput, path: readonly string[]): Beginning {
  const { stream } = input;
  const { name } = stream.descriptor;
  if (JSON.stringify(saved.field) !== JSON.stringify(stream.cursorField)) {
    const [before, now] = [quotePath(saved.field), quotePath(stream.cursorField)];
    return {
      notices: [
        warn(
          `${name}: the saved cursor is for ${before}, but the cursor field is ${now}; the whole table is read again.`,
        ),
      ],
    };
  }
  const otherShare = describeOtherShare(saved, input.settings);
  if (otherShare !== undefined) {
    return {
      notices: [warn(`${name}: the saved cursor is for ${otherShare}; everything is read again.`)],
    };
  }
  const previous = readValue(saved, input, path);
  return {
    ...(previous && { previous }),
    ...(saved.running && { resumed: saved.running }),
    notices: [
      previous ? describeNext(name, path, previous) : describeFirst(name, path),
      ...warnOfSettings(saved, input, previous),
    ],
  };
}

/** `slice 0 of 2 of the table, but the config asks for the whole of the table` */
function describeOtherShare(saved: SavedCursor, settings: ScanSettings): string | undefined {
  const { running, scope } = saved;
  const share: ScanScope & { readonly total_segments?: number } = running?.scan ?? scope;
  if (!isSameScope(share, settings.scope)) {
    return `${describeScope(share)}, but the config asks for ${describeScope(settings.scope)}`;
  }
  const { total_segments: total } = share;
  if (share.slice === undefined || total === settings.totalSegments) return undefined;
  return `a slice of ${total ?? 'other'} segments, but the config asks for ${settings.totalSegments}`;
}

function readValue(
  { text, type }: SavedCursor,
  { stream, records }: CursorPlanInput,
  path: readonly string[],
): CursorValue | undefined {
  if (text === undefined) return undefined;
  const { jsonSchema, descriptor } = stream;
  const inferred = type ?? inferCursorType({ text, path, jsonSchema, config: records });
  if (inferred === 'N' && parseDecimal(text) === undefined) {
    throw createStateError(descriptor.name, '"cursor" is not a number, as the schema says it is');
  }
  return { type: inferred, text };
}

function* warnOfSettings(
  { scope, running }: SavedCursor,
  { stream, settings, scanConfig }: CursorPlanInput,
  previous: CursorValue | undefined,
): Generator<Notice> {
  const { name } = stream.descriptor;
  if (running === undefined && scope.selection !== settings.scope.selection) {
    yield warn(
      `${name}: the filter or the projection has changed since the cursor was saved; the new one applies only to items from the cursor on. Clear the stream to read all of it with the new filter and projection.`,
    );
  }
  if (previous?.type === 'S' && scanConfig.cursorOverlap !== undefined) {
    yield warn(`${name}: "cursor_overlap" has no effect, because the cursor is text.`);
  }
  if (running !== undefined && running.startedAt === undefined) {
    yield {
      level: 'info',
      message: `${name}: another connector began this scan, and when it began is not known; so the cursor stays where it is when the scan ends.`,
    };
  }
}

function describeFirst(name: string, path: readonly string[]): Notice {
  return {
    level: 'info',
    message: `${name}: no cursor has been saved yet, so all items are read; later syncs find what is new by ${quotePath(path)}.`,
  };
}

function describeNext(name: string, path: readonly string[], { text }: CursorValue): Notice {
  return {
    level: 'info',
    message: `${name}: reading the items whose ${quotePath(path)} is at least ${text}; the whole table is scanned for them.`,
  };
}

function warn(message: string): Notice {
  return { level: 'warn', message };
}
