import { ConfigError } from '../../errors.ts';
import type { ConfiguredStream } from '../../protocol/configured-catalog.ts';
import { formatBytes, formatNumberOf } from '../../text/figures.ts';
import { describeForeignState } from '../foreign-state.ts';
import type { ExpectedRead, FinishedPlan, Notice } from '../read-plan.ts';
import type { SavedState } from '../saved-state.ts';
import { describeScope } from './describe-scope.ts';
import { countUnits } from './scan-estimate.ts';
import { ScanProgress } from './scan-progress.ts';
import type { ScanSettings } from './scan-settings.ts';
import { isSameScope, type SavedScan, type ScanState, toFinishedState } from './scan-state.ts';

/** How a table is scanned, and from where. */
export interface ScanPlan {
  readonly kind: 'scan';
  readonly settings: ScanSettings;
  /** Where the scan begins or continues. */
  readonly start: ScanState;
  readonly expected: ExpectedRead;
  readonly notices: readonly Notice[];
}

/** What a scan is planned from. */
export interface ScanPlanInput {
  readonly stream: Pick<ConfiguredStream, 'descriptor' | 'syncMode' | 'destinationSyncMode'>;
  readonly settings: ScanSettings;
  readonly saved: SavedState;
}

/**
 * Plans the scan of a stream from where its state left off.
 *
 * @throws ConfigError for a state that belongs to another scan.
 */
export function planScan(input: ScanPlanInput): FinishedPlan | ScanPlan {
  const { stream, settings, saved } = input;
  const { name } = stream.descriptor;
  switch (saved.kind) {
    case 'stream':
    case 'export':
      return scanFromStart(input, [describeForeignState(name)]);
    case 'cursor':
      return scanFromStart(input, [
        warn(`${name}: the state belongs to a cursor; the whole table is read again.`),
      ]);
    case 'none':
      return scanFromStart(input, []);
    case 'finished':
      rejectOtherScan(name, settings, saved);
      // The user's next sync passes the finished state back too, but then an incremental stream has to be read again.
      if (stream.syncMode === 'incremental') return scanFromStart(input, []);
      return {
        kind: 'finished',
        state: toFinishedState(saved.scope, saved.totalSegments),
        notices: [
          warn(
            `${name}: its state says that it was read to its end, so nothing is read. To read it again, leave out its state or choose incremental.`,
          ),
        ],
      };
    case 'running':
      rejectOtherScan(name, settings, saved);
      return planResumedScan(name, settings, saved.scan);
  }
}

/** An error for a state that no scan can continue from; the reason is a phrase such as `"scan" is not an object`. */
export function createStateError(stream: string, reason: string): ConfigError {
  return new ConfigError(
    `The state of the stream ${stream} is not one that this source can continue: ${reason}. Clear the stream to read it again from its beginning.`,
  );
}

function scanFromStart({ stream, settings }: ScanPlanInput, notices: readonly Notice[]): ScanPlan {
  const { name } = stream.descriptor;
  return planWholeScan(name, settings, [...notices, ...warnOfWholeReads(stream)]);
}

/** Plans a scan from its beginning. */
export function planWholeScan(
  name: string,
  settings: ScanSettings,
  notices: readonly Notice[] = [],
): ScanPlan {
  const start = new ScanProgress(settings.totalSegments, settings.scope).toState();
  const reading = describeReading(name, settings, start.total_segments);
  return {
    kind: 'scan',
    settings,
    start,
    expected: expectWhole(settings),
    notices: [...listRemarks(settings), ...notices, reading],
  };
}

/** Warns about what may be surprising in an incremental sync that reads the whole table. */
function warnOfWholeReads({
  descriptor,
  syncMode,
  destinationSyncMode,
}: ScanPlanInput['stream']): readonly Notice[] {
  if (syncMode !== 'incremental' || destinationSyncMode !== 'append') return [];
  return [
    warn(
      `${descriptor.name} is read in full: every sync appends all of it again. Choose append_dedup to keep one copy of each record.`,
    ),
  ];
}

/** Plans the rest of a scan. Its state does not say how much is left. */
export function planResumedScan(name: string, settings: ScanSettings, scan: ScanState): ScanPlan {
  const { totalSegments, openCount } = ScanProgress.resume(scan);
  return {
    kind: 'scan',
    settings,
    start: scan,
    expected: expectSize(settings),
    notices: [
      ...listRemarks(settings),
      info(
        `${name}: resuming a scan in ${totalSegments} segments, ${openCount} of them not complete.`,
      ),
      ...warnOfOtherSelection(name, settings, scan),
      describeReading(name, settings, totalSegments),
    ],
  };
}

/** Warns that earlier items were read with the old filter and projection, and are not read again. */
function warnOfOtherSelection(
  name: string,
  { scope }: ScanSettings,
  { selection }: ScanState,
): readonly Notice[] {
  if (selection === scope.selection) return [];
  return [
    warn(
      `${name}: the filter or the projection has changed since its state was written; the new one applies only to the rest of the scan. Clear the stream to read all of it with the new filter and projection.`,
    ),
  ];
}

/** Expects all items, or the read units if a filter removes items. */
function expectWhole(settings: ScanSettings): ExpectedRead {
  const expected = expectSize(settings);
  if (expected.size === undefined) return {};
  if (settings.target.filterExpression === undefined) {
    return { ...expected, records: settings.itemCount };
  }
  return { ...expected, readUnits: countUnits(settings, settings.target.consistentRead) };
}

/** A new table shows no items for up to six hours. */
function expectSize({ itemCount, sizeBytes }: ScanSettings): ExpectedRead {
  return itemCount === 0 ? {} : { size: { itemCount, sizeBytes } };
}

/** @throws ConfigError when the state was written for another slice or index, or other segments of all slices. */
function rejectOtherScan(
  name: string,
  { scope: asked, totalSegments }: ScanSettings,
  saved: Exclude<SavedScan, { kind: 'none' }>,
): void {
  const scope = saved.kind === 'running' ? saved.scan : saved.scope;
  if (!isSameScope(scope, asked)) {
    throw new ConfigError(
      `The state of the stream ${name} is for ${describeScope(scope)}, but the config asks for ${describeScope(asked)}. Give each slice and index a state of its own, or clear the stream to read it again from its beginning.`,
    );
  }
  // Slices that do not divide the table in the same way would leave some of it out, or read some of it twice.
  if (scope.slice === undefined) return;
  const savedSegments = saved.kind === 'finished' ? saved.totalSegments : saved.scan.total_segments;
  if (savedSegments === totalSegments) return;
  throw new ConfigError(
    `The state of the stream ${name} is for a slice of ${savedSegments} segments, but the config asks for ${totalSegments}. All slices need the same number: set "segments" back, or clear the stream in every slice.`,
  );
}

/** `orders: reading in 4 segments, about 1,000 items and 1.2 MB.` */
function describeReading(name: string, settings: ScanSettings, totalSegments: number): Notice {
  const { scope, unitsPerSecond, itemCount, sizeBytes } = settings;
  const source = scope.index_name === undefined ? '' : `the index ${scope.index_name} `;
  const share =
    scope.slice === undefined ? '' : `slice ${scope.slice.index} of ${scope.slice.count} of `;
  const budget =
    unitsPerSecond === undefined
      ? ''
      : `, with at most ${Number(unitsPerSecond.toFixed(1))} read units a second`;
  const size =
    itemCount === 0
      ? ''
      : `, about ${formatNumberOf(itemCount, 'item')} and ${formatBytes(sizeBytes)}`;
  const segments = formatNumberOf(totalSegments, 'segment');
  return info(`${name}: reading ${source}in ${share}${segments}${budget}${size}.`);
}

function listRemarks({ remarks }: ScanSettings): readonly Notice[] {
  return remarks.map(info);
}

function info(message: string): Notice {
  return { level: 'info', message };
}

function warn(message: string): Notice {
  return { level: 'warn', message };
}
