import { compileGlob } from '../config/glob.ts';
import { ConfigError } from '../errors.ts';
import { stringifyOrdered } from '../json/ordered-json.ts';
import { createLogger, logToText } from '../protocol/logger.ts';
import type { StreamDefinition, SyncMode } from '../protocol/messages.ts';
import { discoverCatalog } from '../source/catalog.ts';
import type { Command } from './command.ts';
import { DISCOVERY_PATIENCE_MS } from './discover.ts';
import { withSource } from './source-context.ts';

/** Writes a configured catalog of the config's tables to standard output, ready for `read`. Logs go to stderr. */
export const catalog: Command = async (context) => {
  const { syncMode = 'full_refresh', streams: glob = '*', debug } = context.arguments;
  const logger = createLogger(logToText(context.stderr), context.redactor, debug);
  const options = { patienceMs: DISCOVERY_PATIENCE_MS, logger };
  const discovered = await withSource(context, options, discoverCatalog);
  const matches = compileGlob(glob);
  const chosen = discovered.streams.filter((stream) => matches(stream.name));
  if (chosen.length === 0) {
    throw new ConfigError(`No stream matches "--streams" ${glob}. Check the glob.`);
  }
  const streams = chosen.map((stream) => configureStream(stream, syncMode as SyncMode));
  await context.writer.writeLines(`${stringifyOrdered({ streams }, '  ')}\n`);
  return 0;
};

function configureStream(stream: StreamDefinition, syncMode: SyncMode) {
  return {
    stream,
    sync_mode: syncMode,
    destination_sync_mode: syncMode === 'incremental' ? 'append_dedup' : 'overwrite',
    primary_key: stream.source_defined_primary_key,
    cursor_field: [],
  };
}
