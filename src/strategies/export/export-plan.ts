import type { ExportConfig, ScanSlice } from '../../config/config.ts';
import { ConfigError } from '../../errors.ts';
import type { ConfiguredStream } from '../../protocol/configured-catalog.ts';
import { formatNumberOf } from '../../text/figures.ts';
import type { TableSize } from '../../aws/dynamodb/tables.ts';
import { describeForeignState } from '../foreign-state.ts';
import type { ExpectedRead, FinishedPlan, Notice } from '../read-plan.ts';
import type { SavedState } from '../saved-state.ts';
import { describeScope } from './files/export-manifest.ts';
import { endOf, renderExportState, type RunningExport, type SavedExport } from './export-state.ts';
import { renderTime } from './export-time.ts';

// What the clocks of AWS's services may differ by, and more.
const CLOCK_MARGIN_MS = 60 * 60_000;

/** How the exports of one table are read. */
export interface ExportSettings extends TableSize {
  /** Name of the table. */
  readonly table: string;
  /** What requests carry. */
  readonly reference: string;
  readonly tableArn: string;
  readonly place: ExportConfig;
  readonly source: 'new' | 'existing';
  /** Key of the `manifest-summary.json` of the full export to begin with. */
  readonly manifest?: string;
  readonly slice?: ScanSlice;
  /** Files that are read at the same time. */
  readonly filesAtATime: number;
}

/** How a stream is read from exports, and from where. */
export interface ExportPlan {
  readonly kind: 'export';
  readonly settings: ExportSettings;
  /** Whether windows of time follow the full export. */
  readonly isIncremental: boolean;
  /** Whether records carry a column of change capture. */
  readonly isListed: (column: string) => boolean;
  readonly start: { readonly running?: RunningExport; readonly until?: number };
  readonly expected: ExpectedRead;
  readonly notices: readonly Notice[];
}

/** What exports are planned from. */
export interface ExportPlanInput {
  readonly stream: ConfiguredStream;
  readonly settings: ExportSettings;
  readonly saved: SavedState;
}

/**
 * Plans how a stream is read from exports, from where its state left off.
 *
 * @throws ConfigError for a state of another slice, or a slice that cannot be read.
 */
export function planExport(input: ExportPlanInput): FinishedPlan | ExportPlan {
  const { stream, settings, saved } = input;
  const isIncremental = stream.syncMode === 'incremental';
  rejectSlice(settings, isIncremental);
  if (saved.kind === 'none') return fromStart(input, []);
  if (saved.kind !== 'export') {
    return fromStart(input, [describeForeignState(settings.table)]);
  }
  const { table = settings.tableArn } = saved;
  if (table !== settings.tableArn) return fromStart(input, [describeOtherTable(settings, table)]);
  rejectOtherSlice(settings, saved);
  if (isIncremental) return goOn(input, saved);
  if (saved.isComplete) return finish(settings, saved);
  return saved.running?.scope.kind === 'full'
    ? goOn(input, saved)
    : fromStart(input, [
        {
          level: 'warn',
          message: `${settings.table}: the state is of an incremental read; the whole table is read again, by a full export.`,
        },
      ]);
}

/**
 * Checks that a saved state does not go beyond the present, as one does that was edited, or is of another place.
 *
 * @param now AWS's time in milliseconds since 1970.
 * @throws ConfigError.
 */
export function rejectFuture({ settings, start }: ExportPlan, now: number): void {
  const { running, until = -Infinity } = start;
  const end = Math.max(until, running === undefined ? -Infinity : endOf(running.scope));
  if (end <= now + CLOCK_MARGIN_MS) return;
  throw new ConfigError(
    `The state of the stream ${settings.table} goes as far as ${renderTime(end)}, which lies in the future. Give the stream the state that it had before, or clear it to read it again from its beginning.`,
  );
}

function fromStart(input: ExportPlanInput, notices: readonly Notice[]): ExportPlan {
  const { itemCount, sizeBytes } = input.settings;
  const size = { itemCount, sizeBytes };
  return {
    ...createPlan(input),
    start: {},
    expected: itemCount === 0 ? {} : { size, records: itemCount },
    notices,
  };
}

function goOn(input: ExportPlanInput, { running, until }: SavedExport): ExportPlan {
  return {
    ...createPlan(input),
    start: { ...(running !== undefined && { running }), ...(until !== undefined && { until }) },
    expected: {},
    notices: [{ level: 'info', message: describeStart(input.settings.table, running, until) }],
  };
}

function createPlan({ stream, settings }: ExportPlanInput) {
  const { properties } = stream.jsonSchema as { readonly properties?: object | null };
  const names = Object.keys(properties ?? {});
  return {
    kind: 'export' as const,
    settings,
    isIncremental: stream.syncMode === 'incremental',
    isListed: (column: string) => names.length === 0 || names.includes(column),
  };
}

// A table that was made again under its name has the same ARN. Its changes cannot be exported from before it was made, so
// a state of the one before it is refused for want of recovery.
function describeOtherTable({ table, tableArn }: ExportSettings, other: string): Notice {
  return {
    level: 'warn',
    message: `${table}: its state is of the table ${other}, not of ${tableArn}, so the table is read from its beginning. Rows of the other table stay in the destination: clear the stream if they should not.`,
  };
}

function describeStart(table: string, running: RunningExport | undefined, until = 0): string {
  if (running === undefined) return `${table}: going on from exports until ${renderTime(until)}.`;
  const files = formatNumberOf(running.first + running.files.size, 'file');
  return `${table}: going on with the export ${describeScope(running.scope)}, of which ${files} are begun.`;
}

function finish({ table }: ExportSettings, saved: SavedExport): FinishedPlan {
  return {
    kind: 'finished',
    state: renderExportState(saved),
    notices: [
      {
        level: 'warn',
        message: `${table}: its state says that it was read to its end, so nothing is read. To read it again leave out its state, or choose incremental.`,
      },
    ],
  };
}

/** Slices that read exports of their own would leave some items out, and windows have to follow each other. */
function rejectSlice({ table, slice, source, manifest }: ExportSettings, isIncremental: boolean) {
  if (slice === undefined) return;
  if (isIncremental) {
    throw new ConfigError(
      `A slice of the exports of ${table} can only be read as a full refresh, since deletes of one slice must not overtake rows of another. Remove "slice", or choose full refresh.`,
    );
  }
  if (source === 'existing' && manifest !== undefined) return;
  throw new ConfigError(
    `All slices of ${table} must read the same export. Choose "Use existing", and name it in "export_manifest" of its "table_options".`,
  );
}

function rejectOtherSlice({ table, slice }: ExportSettings, saved: SavedExport): void {
  if (slice?.index === saved.slice?.index && slice?.count === saved.slice?.count) return;
  throw new ConfigError(
    `The state of the stream ${table} is of ${nameShare(saved.slice)} of an export, but the config asks for ${nameShare(slice)}. Give each slice a state of its own, or clear the stream to read it again from its beginning.`,
  );
}

function nameShare(slice: ScanSlice | undefined): string {
  return slice === undefined ? 'the whole' : `slice ${slice.index} of ${slice.count}`;
}
