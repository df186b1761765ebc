import { chooseScan } from '../config/choose-scan.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import { settleScan } from '../strategies/scan/scan-settings.ts';
import {
  describeSelected,
  findSelected,
  inspectTables,
  mapTables,
  type SourceContext,
} from './find-tables.ts';
import { estimateScan, type ScanEstimate } from './scan-estimate.ts';

/** What is to be estimated. */
export interface EstimateInput {
  /** The streams of a configured catalog; every selected table without one. */
  readonly streams?: readonly ConfiguredStream[];
  /** US dollars for a million read units. */
  readonly pricePerMillion: number;
}

/**
 * Estimates what reading tables by scans will cost, by name. Nothing is read of them, they are only described.
 *
 * @throws ConfigError, TransientError.
 */
export async function estimateTables(
  context: SourceContext,
  { streams, pricePerMillion }: EstimateInput,
): Promise<readonly ScanEstimate[]> {
  const { config, logger } = context;
  const estimate = (table: Table): ScanEstimate => {
    const settings = settleScan(chooseScan(config, table.name), table);
    for (const remark of settings.remarks) logger.info(remark);
    return estimateScan(table.name, settings, pricePerMillion);
  };
  if (streams === undefined) {
    return inspectTables(context, (table) => Promise.resolve(estimate(table)));
  }
  const estimates = await mapTables(context, streams, async ({ descriptor }, stoppable) =>
    estimate(await describeSelected(stoppable, findSelected(config, descriptor.name))),
  );
  return estimates.sort((a, b) => (a.table < b.table ? -1 : 1));
}
