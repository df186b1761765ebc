import type { ItemPage } from '../../../item-page.ts';
import type { ExportNumbers } from '../../export/files/export-files.ts';
import type { RunningExport } from '../../export/export-state.ts';
import type { RecoveryPeriod } from '../../export/export-windows.ts';

/** The exports of one table, for its snapshot and for the repair of a gap. */
export interface TableExports {
  /** @throws ConfigError with the reason `no recovery` when it is not enabled, and ConnectorError. */
  fetchRecovery(signal: AbortSignal): Promise<RecoveryPeriod>;
  /** Opens an export where it stands. Nothing is sent yet. */
  open(running: RunningExport, numbers: ExportNumbers): ExportReading;
}

/** The reading of one export. */
export interface ExportReading {
  /** Where it stands; undefined when it has failed, so that another one takes its place. */
  readonly running: RunningExport | undefined;
  /** When DynamoDB was last asked how it goes, in milliseconds since 1970; undefined unless it is waited for. */
  readonly polledAt: number | undefined;
  /**
   * Starts the export as soon as its moment can be exported, unless that was done before, waits for it, and reads it.
   * When the signal is aborted it ends without an error.
   *
   * @throws ConnectorError.
   */
  read(signal: AbortSignal): AsyncIterable<ItemPage>;
}
