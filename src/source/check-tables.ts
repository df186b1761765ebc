import { chooseScan } from '../config/choose-scan.ts';
import { callPatiently } from '../aws/calls/patient-call.ts';
import { tryScan } from '../aws/dynamodb/try-scan.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import { ConfigError } from '../errors.ts';
import { type ScanSettings, settleScan } from '../strategies/scan/scan-settings.ts';
import { rejectKeyCalledData } from './catalog.ts';
import { inspectTables, type SourceContext } from './find-tables.ts';

/** A table that can be read, and how it would be. */
export interface CheckedTable {
  readonly name: string;
  readonly settings: ScanSettings;
}

/**
 * Tries what a read of every selected table will do: each is described, and one of its items read with its own options.
 *
 * @param onAnswer told of each answer.
 * @throws ConfigError, TransientError.
 */
export function checkTables(
  context: SourceContext,
  onAnswer: () => void,
): Promise<readonly CheckedTable[]> {
  return inspectTables(context, async (table, stoppable) => {
    onAnswer();
    rejectKeyCalledData(table, context.config.records.format);
    const settings = settleScan(chooseScan(context.config, table.name), table);
    await tryTable(stoppable, table, settings);
    onAnswer();
    return { name: table.name, settings };
  });
}

async function tryTable(
  { connection, patience }: SourceContext,
  table: Table,
  { target }: ScanSettings,
): Promise<void> {
  const call = { action: 'dynamodb:Scan', resource: table.reference };
  try {
    await callPatiently(connection, call, patience, () =>
      tryScan(connection, target, patience.signal),
    );
  } catch (error) {
    if (!(error instanceof ConfigError) || error.reason !== 'refused') throw error;
    // The request holds nothing else that a user can get wrong.
    throw new ConfigError(`${error.message} Check the "table_options" of ${table.name}.`, {
      cause: error.cause,
      reason: error.reason,
    });
  }
}
