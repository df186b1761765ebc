import type { Table } from '../aws/dynamodb/tables.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { Prices } from '../strategies/replication-method.ts';
import type { ScanEstimate } from '../strategies/scan/scan-estimate.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { describeSelected, findSelected, inspectTables, mapTables } from './find-tables.ts';

/** What is to be estimated. */
export interface EstimateInput {
  /** The streams of a configured catalog; every selected table without one. */
  readonly streams?: readonly ConfiguredStream[];
  readonly prices: Prices;
}

/**
 * Estimates what reading tables will cost, by name. Nothing is read of them, they are only described.
 *
 * @throws ConfigError, TransientError.
 */
export async function estimateTables(
  context: SourceContext,
  { streams, prices }: EstimateInput,
): Promise<readonly ScanEstimate[]> {
  const { config, logger } = context;
  const method = chooseMethod(config);
  const estimate = (table: Table): ScanEstimate => {
    const estimated = method.estimate(table, prices);
    for (const remark of estimated.remarks) logger.info(remark);
    return estimated;
  };
  if (streams === undefined) {
    return inspectTables(context, (table) => Promise.resolve(estimate(table)));
  }
  const estimates = await mapTables(context, streams, async ({ descriptor }, stoppable) =>
    estimate(await describeSelected(stoppable, findSelected(config, descriptor.name))),
  );
  return estimates.sort((a, b) => (a.table < b.table ? -1 : 1));
}
