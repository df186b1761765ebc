import { createLogger, logToText } from '../protocol/logger.ts';
import { discoverCatalog } from '../source/catalog.ts';
import type { Command } from './command.ts';
import { withSource } from './source-context.ts';
import { describeStreams } from './stream-table.ts';

/** How long discovery waits out temporary failures. */
export const DISCOVERY_PATIENCE_MS = 60_000;

/** Writes the catalog of the config's tables; on a terminal, a table of the streams, with logs on stderr. */
export const discover: Command = async (context) => {
  const { writer, redactor, stderr, isForPerson, arguments: given } = context;
  const logger = isForPerson
    ? createLogger(logToText(stderr), redactor, given.debug)
    : context.logger;
  const catalog = await withSource(
    context,
    { patienceMs: DISCOVERY_PATIENCE_MS, logger },
    discoverCatalog,
  );
  if (isForPerson) await writer.writeLines(describeStreams(catalog));
  else await writer.write({ type: 'CATALOG', catalog });
  return 0;
};
