import {
  estimateTogether,
  findCheapest,
  isKnown,
  type TableEstimate,
} from '../source/compare-ways.ts';
import { EXPORT_BYTES_PER_SECOND, EXPORT_SECONDS } from '../strategies/export/export-estimate.ts';
import {
  CHANGE_CALLS_PRICE_PER_100_000,
  EXPORT_PRICE_PER_GIB,
  LEAST_EXPORTED_BYTES,
  RECOVERY_PRICE_PER_GIB,
} from '../strategies/prices.ts';
import {
  CHANGED_SHARE_A_DAY,
  costAMonth,
  type ReadWay,
  type SyncCost,
  SYNCS_A_MONTH,
} from '../strategies/read-way.ts';
import {
  CONNECTOR_BYTES_PER_SECOND,
  FASTEST_SEGMENT_BYTES_PER_SECOND,
} from '../strategies/scan/scan-estimate.ts';
import { CALLS_PER_IDLE_SHARD } from '../strategies/streams/stream-estimate.ts';
import { type EstimateReport, sum } from './estimate-report.ts';

/** Describes the estimates for programs. Costs are in US dollars; what depends on an unknown size is null. */
export function toEstimateJson({ estimates, concurrency }: EstimateReport) {
  return {
    assumptions: {
      syncs_per_month: SYNCS_A_MONTH,
      changed_share_per_day: CHANGED_SHARE_A_DAY,
      segment_bytes_per_second: FASTEST_SEGMENT_BYTES_PER_SECOND,
      connector_bytes_per_second: CONNECTOR_BYTES_PER_SECOND,
      get_records_calls_per_idle_shard: CALLS_PER_IDLE_SHARD,
      least_export_seconds: EXPORT_SECONDS,
      exported_bytes_per_second: EXPORT_BYTES_PER_SECOND,
    },
    prices_usd: {
      per_exported_gib: EXPORT_PRICE_PER_GIB,
      least_exported_bytes: LEAST_EXPORTED_BYTES,
      recovery_per_gib_and_month: RECOVERY_PRICE_PER_GIB,
      per_100000_get_records_calls: CHANGE_CALLS_PRICE_PER_100_000,
    },
    tables: estimates.map((estimate) => describeTable(estimate)),
    total: {
      items: sum(estimates, ({ itemCount }) => itemCount),
      bytes: sum(estimates, ({ sizeBytes }) => sizeBytes),
      first_sync: describeSync({
        readUnits: sum(estimates, ({ configured }) => configured.first.readUnits),
        cost: sum(estimates, ({ configured }) => configured.first.cost),
        seconds: estimateTogether(estimates, concurrency),
      }),
      later_syncs_usd_per_month: sum(estimates, ({ configured }) => costAMonth(configured)),
    },
  };
}

function describeTable(estimate: TableEstimate) {
  const { configured, indexName } = estimate;
  const isSizeKnown = isKnown(estimate);
  const cheapest = findCheapest(estimate);
  return {
    table: estimate.table,
    ...(indexName !== undefined && { index: indexName }),
    is_size_known: isSizeKnown,
    items: estimate.itemCount,
    bytes: estimate.sizeBytes,
    capacity_mode: estimate.isProvisioned ? 'provisioned' : 'on-demand',
    table_class: estimate.isInfrequentAccess ? 'standard-infrequent-access' : 'standard',
    price_per_million_read_units: estimate.readPrice,
    configured: configured.name,
    held_up_by: isSizeKnown ? configured.bottleneck : null,
    ways: isSizeKnown ? estimate.ways.map((way) => describeWay(way)) : null,
    cheapest: isSizeKnown
      ? {
          first_sync: cheapest.first.name,
          later_syncs: cheapest.later.name,
          later_syncs_now: cheapest.laterNow.name,
        }
      : null,
  };
}

function describeWay(way: ReadWay) {
  return {
    way: way.name,
    needs: way.needs ?? null,
    first_sync: describeSync(way.first),
    later_sync: describeSync(way.later),
    standing_usd_per_month: way.standingCost,
    later_syncs_usd_per_month: costAMonth(way),
  };
}

function describeSync({ readUnits, cost, seconds }: SyncCost) {
  return { read_units: readUnits, cost_usd: cost, time_seconds: seconds };
}
