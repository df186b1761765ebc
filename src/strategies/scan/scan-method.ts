import { callPatiently } from '../../aws/calls/patient-call.ts';
import { tryScan } from '../../aws/dynamodb/try-scan.ts';
import type { Table } from '../../aws/dynamodb/tables.ts';
import { chooseScan } from '../../config/choose-scan.ts';
import type { Config, ScanReplication } from '../../config/config.ts';
import { ConfigError } from '../../errors.ts';
import { hasCursor, planCursorRead } from '../cursor/cursor-plan.ts';
import { findReadPrice } from '../prices.ts';
import type {
  CheckedTable,
  PlanInput,
  ReadPlan,
  ReplicationMethod,
} from '../replication-method.ts';
import type { SourceContext } from '../source-context.ts';
import { estimateScan } from './scan-estimate.ts';
import { planScan } from './scan-plan.ts';
import { type ScanSettings, resolveScan } from './scan-settings.ts';

/** Reads tables by parallel scans. */
export function createScanMethod(
  config: Config,
  { cursorMarginMs: marginMs }: ScanReplication,
): ReplicationMethod {
  return {
    costs:
      'Every sync scans its tables in full. An incremental sync by a cursor emits only what is new, but it uses as many read units.',
    check: (table, source) => checkTable(table, resolveTableScan(config, table), source),
    columns: () => new Map(),
    findObstacle: () => undefined,
    estimate: (table, prices) => {
      const settings = resolveTableScan(config, table);
      const { target, remarks } = settings;
      const price = findReadPrice(table, prices);
      return { way: estimateScan(settings, target.consistentRead, price), remarks };
    },
    plan: (input) => planRead(config, marginMs, input),
  };
}

function planRead(config: Config, marginMs: number, { stream, table, saved }: PlanInput): ReadPlan {
  const settings = resolveTableScan(config, table);
  if (!hasCursor(stream)) return planScan({ stream, saved, settings });
  return planCursorRead({
    ...{ stream, table, saved, settings },
    scanConfig: chooseScan(config, table.name),
    records: config.records,
    marginMs,
  });
}

/**
 * Determines how a table is scanned, with the options that apply to its name.
 *
 * @throws ConfigError like `resolveScan`.
 */
export function resolveTableScan(config: Config, table: Table): ScanSettings {
  return resolveScan(chooseScan(config, table.name), table);
}

/** Reads one item with the options of the table. */
export async function checkTable(
  table: Table,
  { target, itemCount, sizeBytes, remarks }: ScanSettings,
  { connection, patience }: SourceContext,
): Promise<CheckedTable> {
  const call = { action: 'dynamodb:Scan', resource: table.reference };
  try {
    const items = await callPatiently(connection, call, patience, () =>
      tryScan(connection, target, patience.signal),
    );
    return { size: { itemCount, sizeBytes }, remarks, items, target };
  } catch (error) {
    if (!(error instanceof ConfigError) || error.reason !== 'refused') throw error;
    // The request holds nothing else that a user can get wrong.
    throw new ConfigError(`${error.message} Check the "table_options" of ${table.name}.`, {
      cause: error.cause,
      reason: error.reason,
    });
  }
}
