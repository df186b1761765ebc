import type { Config } from '../../config/config.ts';
import { CDC_COLUMNS } from '../cdc-columns.ts';
import type { ReplicationMethod } from '../replication-method.ts';
import { resolveTableScan } from '../scan/scan-method.ts';
import { checkExport } from './check-export.ts';
import { estimateExport } from './export-estimate.ts';
import { planExport } from './export-plan.ts';
import { resolveExport } from './export-settings.ts';

/** Reads exports of tables to S3. */
export function createExportMethod(config: Config): ReplicationMethod {
  return {
    costs:
      'A full refresh, and the first sync, exports a table as a whole. An incremental sync exports what has changed since.',
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
