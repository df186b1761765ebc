import { createLogger, logToText } from '../protocol/logger.ts';
import { parseConfiguredCatalog } from '../protocol/configured-catalog.ts';
import { estimateTables } from '../source/estimate-tables.ts';
import type { Command } from './command.ts';
import { DISCOVERY_PATIENCE_MS } from './discover.ts';
import { toEstimateJson } from './estimate-json.ts';
import { describeEstimates } from './estimate-report.ts';
import { readCatalog } from './input/catalog-file.ts';
import { withSource } from './source-context.ts';

/**
 * Writes to standard output what a read of the catalog's streams, or of every table, will cost. Logs go to stderr. The
 * exit code is 1 if a stream is missing from the estimate.
 */
export const estimate: Command = async (context) => {
  const { catalog, json, debug, pricePerMillion } = context.arguments;
  const logger = createLogger(logToText(context.stderr), context.redactor, debug);
  const streams =
    catalog === undefined ? undefined : parseConfiguredCatalog(await readCatalog(context, logger));
  const options = { patienceMs: DISCOVERY_PATIENCE_MS, logger };
  const prices = pricePerMillion === undefined ? {} : { perMillionReadUnits: pricePerMillion };
  const report = await withSource(context, options, async (source) => ({
    ...(await estimateTables(source, { prices, ...(streams && { streams }) })),
    ...(pricePerMillion !== undefined && { pricePerMillion }),
    concurrency: source.config.concurrentStreams,
  }));
  const text =
    json === true
      ? `${JSON.stringify(toEstimateJson(report), null, 2)}\n`
      : describeEstimates(report);
  await context.writer.writeLines(text);
  for (const { message } of report.failures)
    logger.warn(`A stream is missing from the estimate. ${message}`);
  return report.failures.length === 0 ? 0 : 1;
};
