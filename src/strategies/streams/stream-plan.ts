import type { Table } from '../../aws/dynamodb/tables.ts';
import type { StreamsReplication } from '../../config/config.ts';
import { ConfigError } from '../../errors.ts';
import type { ConfiguredStream } from '../../protocol/configured-catalog.ts';
import { listSome, quoteName } from '../../text/quote-names.ts';
import { CDC_COLUMNS } from '../cdc-columns.ts';
import { describeForeignState } from '../foreign-state.ts';
import type { ExportSettings } from '../export/export-plan.ts';
import type { ExpectedRead, FinishedPlan, Notice } from '../read-plan.ts';
import type { SavedState } from '../saved-state.ts';
import { planScan, type ScanPlan } from '../scan/scan-plan.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import type { ScanState } from '../scan/scan-state.ts';
import type { SavedChanges } from './change-state.ts';
import type { FullRefreshPlan } from './full-refresh.ts';
import { describeObstacle, findUsableStream } from './usable-stream.ts';

/** How a table and its changes are read, and from where. */
export interface StreamPlan extends ChangePlan {
  readonly kind: 'stream';
  readonly settings: ScanSettings;
  /** How exports are read; absent where the config has no place for them. */
  readonly exports?: ExportSettings;
  readonly expected: ExpectedRead;
  readonly notices: readonly Notice[];
}

/** The part of the plan that is about the changes. */
export interface ChangePlan {
  readonly table: string;
  /** Of the table's change stream. */
  readonly arn: string;
  /** Whether the change stream was disabled, so that nothing new comes. */
  readonly isDisabled: boolean;
  /** Absent: from a new snapshot on. */
  readonly saved?: SavedChanges;
  /** Where a new snapshot begins. */
  readonly start: ScanState;
  /** What a table is begun with. */
  readonly snapshot: StreamsReplication['snapshot'];
  /** Whether the snapshot waits and only changes are read. */
  readonly isChangesOnly: boolean;
  /** What happens where changes are lost. */
  readonly onGap: StreamsReplication['onGap'];
  readonly includeOldImage: boolean;
  /** When the sync ends whatever is left. */
  readonly maxSyncMs?: number;
  /** Which of the columns of change capture the catalog lists. */
  readonly isListed: (column: string) => boolean;
}

/** What the reading of a change stream is planned from. */
export interface StreamPlanInput {
  readonly stream: ConfiguredStream;
  readonly table: Table;
  readonly saved: SavedState;
  readonly settings: ScanSettings;
  readonly exports?: ExportSettings | undefined;
  readonly replication: StreamsReplication;
  /** Whether the snapshot waits, as another time is kept for it. */
  readonly isChangesOnly?: boolean;
}

/**
 * Plans how a table is read under change capture: as a whole in a full refresh, else from where its state left off.
 *
 * @throws ConfigError for an incremental stream without a change stream.
 */
export function planStream(
  input: StreamPlanInput,
): FinishedPlan | ScanPlan | FullRefreshPlan | StreamPlan {
  return input.stream.syncMode === 'full_refresh' ? planFullRefresh(input) : planChanges(input);
}

/** A table without a change stream has no columns of change capture either. */
function planFullRefresh({ stream, table, settings, saved }: StreamPlanInput) {
  const { name } = stream.descriptor;
  const isForeign = saved.kind === 'stream' || saved.kind === 'export';
  const plan = planScan({ stream, settings, saved: isForeign ? { kind: 'none' } : saved });
  const notices = [...(isForeign ? [describeFormerMode(name, saved)] : []), ...plan.notices];
  if (plan.kind === 'finished' || findUsableStream(table) === undefined)
    return { ...plan, notices };
  const isListed = listColumns(stream);
  return { ...plan, kind: 'full refresh' as const, isListed, notices };
}

/** A state of change capture is of this method, and of the other sync mode. */
function describeFormerMode(name: string, { kind }: SavedState): Notice {
  if (kind !== 'stream') return describeForeignState(name);
  return warn(
    `${name}: its state is that of an incremental read, so the table is read from its beginning.`,
  );
}

function planChanges(input: StreamPlanInput): StreamPlan {
  const { stream, settings, exports, saved, replication, isChangesOnly = false } = input;
  const { name } = stream.descriptor;
  const { arn, isEnabled } = findStream(input);
  const { itemCount, sizeBytes } = settings;
  const changes = saved.kind === 'stream' ? saved : undefined;
  if (exports === undefined) rejectStateOfExports(name, changes);
  const isFirst = changes === undefined && replication.snapshot !== 'none';
  const isOn = isFirst || !isChangesOnly;
  const hasScan = isOn && (isFirst ? replication.snapshot === 'scan' : changes?.scan !== undefined);
  const hasRows = isFirst || hasScan || (isOn && changes?.export !== undefined);
  const isListed = listColumns(stream);
  const { snapshot, onGap, includeOldImage, maxSyncMs } = replication;
  return {
    kind: 'stream',
    table: name,
    arn,
    isDisabled: !isEnabled,
    ...(changes && { saved: changes }),
    settings,
    ...(exports && { exports }),
    start: { total_segments: settings.totalSegments, ...settings.scope, segments: [] },
    ...{ snapshot, onGap, includeOldImage, isChangesOnly, isListed },
    ...(maxSyncMs !== undefined && { maxSyncMs }),
    expected: {
      ...(hasRows && itemCount > 0 && { size: { itemCount, sizeBytes } }),
      ...(isFirst && itemCount > 0 && { records: itemCount }),
    },
    notices: [...(hasScan ? listRemarks(settings) : []), ...listWarnings(input, isListed)],
  };
}

/** @throws ConfigError for a state that needs exports. */
function rejectStateOfExports(table: string, saved: SavedChanges | undefined): void {
  if (saved?.export === undefined && saved?.repair === undefined) return;
  throw new ConfigError(
    `The state of the stream ${table} is in the middle of an export, but the config names no bucket. Set "export.s3_bucket" as it was, or clear the stream.`,
  );
}

/** @throws ConfigError when there is none to begin with, or to go on with. */
function findStream({ table, saved }: StreamPlanInput): { arn: string; isEnabled: boolean } {
  const usable = findUsableStream(table);
  if (usable !== undefined) return usable;
  const { changeStream } = table;
  const isOfState = saved.kind === 'stream' && saved.stream.arn === changeStream?.arn;
  if (isOfState && !changeStream.isEnabled) return changeStream;
  throw new ConfigError(describeObstacle(table) ?? '');
}

function* listWarnings(
  { stream, saved }: StreamPlanInput,
  isListed: StreamPlan['isListed'],
): Generator<Notice> {
  const { descriptor, destinationSyncMode } = stream;
  const { name } = descriptor;
  if (saved.kind !== 'none' && saved.kind !== 'stream') yield describeForeignState(name);
  const missing = [...CDC_COLUMNS.keys()].filter((column) => !isListed(column));
  if (missing.length > 0) {
    yield warn(
      `${name}: the configured catalog lacks columns of change capture, without which a destination cannot order versions or delete rows: ${listSome(missing.map(quoteName), missing.length)}. Refresh the source's schema.`,
    );
  }
  if (destinationSyncMode === 'overwrite') {
    yield warn(
      `${name}: an incremental stream that overwrites, as PyAirbyte configures it, does not keep one row of each key when an item changes twice in a sync. Read it with write_strategy="append" and take the newest version of each key, as docs/change-capture.md shows.`,
    );
  }
}

/** A schema without properties takes every column. */
function listColumns({ jsonSchema }: ConfiguredStream): StreamPlan['isListed'] {
  const { properties } = jsonSchema;
  if (typeof properties !== 'object' || properties === null) return () => true;
  const names = new Set(Object.keys(properties));
  return (column) => names.size === 0 || names.has(column);
}

function listRemarks({ remarks }: ScanSettings): readonly Notice[] {
  return remarks.map((message) => ({ level: 'info', message }));
}

function warn(message: string): Notice {
  return { level: 'warn', message };
}
