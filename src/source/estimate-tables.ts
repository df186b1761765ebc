import { ConfigError, type FailureReason } from '../errors.ts';
import type { Table } from '../aws/dynamodb/tables.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { Prices } from '../strategies/prices.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { compareWays, type TableEstimate } from './compare-ways.ts';
import { describeSelected, findSelected, inspectTables, mapTables } from './find-tables.ts';

// No reason means that no call was made: the config does not select the table, or asks for what the table does not
// have.
const REASONS_OF_A_TABLE: readonly (FailureReason | undefined)[] = ['missing', 'denied', undefined];

/** What to estimate. */
export interface EstimateInput {
  /** The streams of a configured catalog; by default, every selected table. */
  readonly streams?: readonly ConfiguredStream[];
  readonly prices: Prices;
}

/** What is known about the cost of a read. */
export interface TableEstimates {
  /** Ordered by the table's name. */
  readonly estimates: readonly TableEstimate[];
  /** Why other streams of the catalog cannot be estimated: each would fail in the read, too. */
  readonly failures: readonly ConfigError[];
}

/**
 * Estimates what reading tables will cost. It only describes the tables, without reading them.
 *
 * A stream of the catalog whose table is gone, denied or not selected does not keep the others from being estimated.
 *
 * @throws ConfigError, also if no stream can be estimated; TransientError.
 */
export async function estimateTables(
  context: SourceContext,
  { streams, prices }: EstimateInput,
): Promise<TableEstimates> {
  const { config, logger } = context;
  const method = chooseMethod(config);
  logger.info(method.costs);
  const estimate = (table: Table): TableEstimate => {
    const configured = method.estimate(table, prices);
    const estimated = compareWays({ config, table, prices, configured });
    for (const remark of estimated.remarks) logger.info(remark);
    return estimated;
  };
  if (streams === undefined) {
    const estimates = await inspectTables(context, (table) => Promise.resolve(estimate(table)));
    return { estimates, failures: [] };
  }
  const results = await mapTables(context, streams, ({ descriptor }, stoppable) =>
    estimateStream(async () =>
      estimate(await describeSelected(stoppable, findSelected(config, descriptor.name))),
    ),
  );
  return separate(results);
}

/** Returns the estimate, or the reason why this stream alone cannot be estimated. */
async function estimateStream(
  estimate: () => Promise<TableEstimate>,
): Promise<TableEstimate | ConfigError> {
  try {
    return await estimate();
  } catch (error) {
    if (error instanceof ConfigError && REASONS_OF_A_TABLE.includes(error.reason)) return error;
    throw error;
  }
}

function separate(results: readonly (TableEstimate | ConfigError)[]): TableEstimates {
  const failures = results.filter((result) => result instanceof ConfigError);
  const estimates = results.flatMap((result) => (result instanceof ConfigError ? [] : [result]));
  const [first] = failures;
  if (estimates.length === 0 && first !== undefined) throw first;
  return { estimates: estimates.sort((a, b) => (a.table < b.table ? -1 : 1)), failures };
}
