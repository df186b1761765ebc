import type { Table } from '../../aws/dynamodb/tables.ts';
import type { Config, StreamsReplication } from '../../config/config.ts';
import { CDC_COLUMNS } from '../cdc-columns.ts';
import { checkExport } from '../export/check-export.ts';
import { estimateExport } from '../export/export-estimate.ts';
import { resolveExportOfStream } from '../export/export-settings.ts';
import { findReadPrice } from '../prices.ts';
import type { CheckedTable, ReplicationMethod } from '../replication-method.ts';
import { estimateScan } from '../scan/scan-estimate.ts';
import { checkTable, resolveTableScan } from '../scan/scan-method.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import type { SourceContext } from '../source-context.ts';
import { estimateChanges } from './stream-estimate.ts';
import { planStream } from './stream-plan.ts';
import { tryChangeStream } from './try-change-stream.ts';
import { describeObstacle, findUsableStream } from './usable-stream.ts';

const COSTS = {
  scan: 'The first sync of a table scans it in full, strongly consistent. Later ones read its change stream alone, which takes no read units.',
  export:
    'The first sync of a table exports it as a whole. Later ones read its change stream alone; neither takes read units.',
  none: 'Incremental syncs of a table read its change stream alone, which takes no read units.',
};

/** Reads tables and then their changes from DynamoDB Streams. */
export function createStreamMethod(
  config: Config,
  replication: StreamsReplication,
): ReplicationMethod {
  const { snapshot, onGap } = replication;
  return {
    costs: COSTS[snapshot],
    check: async (table, source) => {
      const checked = await checkStream(table, resolveSnapshot(config, table), source);
      const exports = resolveExportOfStream(config, table);
      const needsExports = snapshot === 'export' || onGap === 'recover';
      const isUsed = needsExports && findUsableStream(table) !== undefined;
      if (!isUsed || exports === undefined) return checked;
      const { remarks } = await checkExport(exports, source);
      return snapshot === 'export'
        ? { ...checked, remarks: [...checked.remarks, ...remarks] }
        : checked;
    },
    columns: (table) => (findUsableStream(table) === undefined ? new Map() : CDC_COLUMNS),
    findObstacle: describeObstacle,
    estimate: (table, prices) => {
      const settings = resolveSnapshot(config, table);
      const scan = estimateScan(settings, true, findReadPrice(table, prices));
      const obstacle = describeObstacle(table);
      if (obstacle !== undefined) return { way: scan, remarks: [...settings.remarks, obstacle] };
      const { itemCount, sizeBytes } = table;
      const first = {
        scan: () => scan,
        export: () => estimateExport({ itemCount, sizeBytes, isNew: true }),
        none: () => undefined,
      }[snapshot]();
      return { way: estimateChanges(table, first), remarks: settings.remarks };
    },
    plan: (input) =>
      planStream({
        ...{ ...input, replication, settings: resolveSnapshot(config, input.table) },
        exports: resolveExportOfStream(config, input.table),
      }),
  };
}

/** Rows must not be older than the changes that they stand beside, so a snapshot always reads consistently. */
function resolveSnapshot(config: Config, table: Table): ScanSettings {
  const settings = resolveTableScan(config, table);
  const { target, remarks } = settings;
  if (target.consistentRead) return settings;
  return {
    ...settings,
    target: { ...target, consistentRead: true },
    remarks: [
      ...remarks,
      `${table.name}: its snapshot is read strongly consistent, whatever "consistent_read" says, so that it fits the changes.`,
    ],
  };
}

async function checkStream(
  table: Table,
  settings: ScanSettings,
  source: SourceContext,
): Promise<CheckedTable> {
  const checked = await checkTable(table, settings, source);
  const stream = findUsableStream(table);
  if (stream !== undefined) await tryChangeStream(stream.arn, source);
  const obstacle = describeObstacle(table);
  return {
    ...checked,
    remarks: [...checked.remarks, ...(obstacle === undefined ? [] : [obstacle])],
  };
}
