import type { Patience } from '../../../aws/calls/patient-call.ts';
import type { ItemPage } from '../../../item-page.ts';
import type { CdcColumns } from '../../cdc-columns.ts';
import { ExportControl } from '../../export/export-control.ts';
import type { ExportNumbers } from '../../export/files/export-files.ts';
import { limitPatience } from '../../export/export-patience.ts';
import type { ExportSettings } from '../../export/export-plan.ts';
import { ExportRun } from '../../export/export-run.ts';
import { EXPORT_TUNING } from '../../export/export-tuning.ts';
import type { RunningExport } from '../../export/export-state.ts';
import type { ExportWait } from '../../export/export-wait.ts';
import type { RecoveryPeriod } from '../../export/export-windows.ts';
import { ObjectReader } from '../../export/files/object-reader.ts';
import { openBucket } from '../../export/files/open-bucket.ts';
import type { ReadResources } from '../../read-resources.ts';
import type { ExportReading, TableExports } from './table-exports.ts';

/** What exports are made and read with. */
export interface AwsTableExportsInput {
  readonly settings: ExportSettings;
  readonly resources: ReadResources;
  readonly columns: CdcColumns;
  readonly wait: ExportWait;
}

/** The exports of a table by DynamoDB. */
export class AwsTableExports implements TableExports {
  readonly #input: AwsTableExportsInput;

  constructor(input: AwsTableExportsInput) {
    this.#input = input;
  }

  fetchRecovery(signal: AbortSignal): Promise<RecoveryPeriod> {
    const patience = limitPatience(this.#input.resources.events, signal);
    return this.#openControl(patience).fetchRecovery();
  }

  open(running: RunningExport, numbers: ExportNumbers): ExportReading {
    let run: ExportRun | undefined;
    return {
      get running() {
        return run === undefined ? running : run.running;
      },
      get polledAt() {
        return run?.polledAt;
      },
      read: (signal) =>
        this.#read((reader) => (run = this.#openRun(running, reader)), numbers, signal),
    };
  }

  async *#read(
    open: (reader: ObjectReader) => ExportRun,
    numbers: ExportNumbers,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage> {
    const { settings, resources } = this.#input;
    const { connection, objects, events } = resources;
    const bucket = openBucket(settings.place, connection);
    const patience = limitPatience(events, signal);
    const run = open(new ObjectReader({ bucket, objects, patience }));
    try {
      const control = this.#openControl(patience);
      // When it is not found again it is started once more.
      await run.rejoin(control);
      if (!(yield* run.startAndAwait(control, signal))) return;
      yield* run.readFiles(() => numbers, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      bucket.close();
    }
  }

  #openRun(running: RunningExport, reader: ObjectReader): ExportRun {
    const { settings, resources, columns, wait } = this.#input;
    return new ExportRun(running, {
      ...{ settings, resources, columns, wait, reader },
      tuning: EXPORT_TUNING,
    });
  }

  #openControl(patience: Patience): ExportControl {
    const { settings, resources } = this.#input;
    return new ExportControl({
      ...{ connection: resources.connection, patience },
      ...{ table: settings.reference, tableArn: settings.tableArn, target: settings.place },
    });
  }
}
