import type { Config, ExportReplication } from '../../config/config.ts';
import { CDC_COLUMNS } from '../cdc-columns.ts';
import type { ReplicationMethod } from '../replication-method.ts';
import { resolveTableScan } from '../scan/scan-method.ts';
import { checkExport } from './check-export.ts';
import { estimateExport } from './export-estimate.ts';
import { planExport } from './export-plan.ts';
import { resolveExport } from './export-settings.ts';

const COSTS = {
  new: 'A full refresh, and the first sync, exports a table as a whole. An incremental sync exports what has changed since.',
  existing:
    'A full refresh, and the first sync, reads a full export that is already there. An incremental sync reads the incremental exports that continue it. Neither exports anything or takes read units.',
};

/** Reads exports of tables to S3. */
export function createExportMethod(
  config: Config,
  replication: ExportReplication,
): ReplicationMethod {
  return {
    costs: COSTS[replication.source],
    check: async (table, source) => ({
      ...(await checkExport(resolveExport(config, table), source)),
      target: resolveTableScan(config, table).target,
    }),
    columns: () => CDC_COLUMNS,
    findObstacle: () => undefined,
    estimate: (table) => {
      const { itemCount, sizeBytes, source, slice } = resolveExport(config, table);
      const isNew = source === 'new';
      const way = estimateExport({ itemCount, sizeBytes, isNew, slices: slice?.count ?? 1 });
      return { way, remarks: resolveTableScan(config, table).remarks };
    },
    plan: ({ stream, table, saved }) =>
      planExport({ stream, saved, settings: resolveExport(config, table) }),
  };
}
