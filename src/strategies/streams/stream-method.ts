import type { Table } from '../../aws/dynamodb/tables.ts';
import type { Config, StreamsReplication } from '../../config/config.ts';
import { CDC_COLUMNS } from '../cdc-columns.ts';
import type { CheckedTable, ReplicationMethod } from '../replication-method.ts';
import { estimateScan, type ScanEstimate } from '../scan/scan-estimate.ts';
import { checkTable, resolveTableScan } from '../scan/scan-method.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import type { SourceContext } from '../source-context.ts';
import { planStream } from './stream-plan.ts';
import { tryChangeStream } from './try-change-stream.ts';
import { describeObstacle, findUsableStream } from './usable-stream.ts';

// An idle shard is asked ten times a sync, and a month has 730 hours; AWS takes 0.02 USD for 100,000 requests.
// https://aws.amazon.com/dynamodb/pricing/on-demand/
const POLLING_REMARK =
  'reading its changes every hour takes about 7,300 requests a month for each shard without changes, of which a table has about one for every partition, and costs 0.0015 USD a shard beyond the 2.5 million requests that are free';

/** Reads tables and then their changes from DynamoDB Streams. */
export function createStreamMethod(
  config: Config,
  replication: StreamsReplication,
): ReplicationMethod {
  return {
    costs: replication.hasSnapshot
      ? 'The first sync of a table scans it in full, strongly consistent. Later ones read its change stream alone, which takes no read units.'
      : 'Incremental syncs of a table read its change stream alone, which takes no read units.',
    check: (table, source) => checkStream(table, resolveSnapshot(config, table), source),
    columns: (table) => (findUsableStream(table) === undefined ? new Map() : CDC_COLUMNS),
    findObstacle: describeObstacle,
    estimate: (table, { perMillionReadUnits }) =>
      withPolling(
        table,
        estimateScan(table.name, resolveSnapshot(config, table), perMillionReadUnits),
        replication,
      ),
    plan: (input) =>
      planStream({ ...input, replication, settings: resolveSnapshot(config, input.table) }),
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

function withPolling(
  table: Table,
  estimate: ScanEstimate,
  { hasSnapshot }: StreamsReplication,
): ScanEstimate {
  const scan = hasSnapshot
    ? ''
    : 'the figures in the table are those of a full refresh, since "initial_snapshot" is "none"; ';
  const remark = describeObstacle(table) ?? `${table.name}: ${scan}${POLLING_REMARK}.`;
  return { ...estimate, remarks: [...estimate.remarks, remark] };
}
