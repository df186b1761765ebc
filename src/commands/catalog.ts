import { compileGlob } from '../config/glob.ts';
import { ConfigError } from '../errors.ts';
import { stringifyOrdered } from '../json/ordered-json.ts';
import { createLogger, type Logger, logToText } from '../protocol/logger.ts';
import type { StreamDefinition, SyncMode } from '../protocol/messages.ts';
import { listSome, quoteName } from '../text/quote-names.ts';
import { discoverCatalog } from '../source/catalog.ts';
import { chooseCursorField } from './choose-cursor.ts';
import type { Command } from './command.ts';
import { DISCOVERY_PATIENCE_MS } from './discover.ts';
import { withSource } from './source-context.ts';

// A line of this many names can still be read.
const MOST_NAMED = 20;

/** Writes a configured catalog of the config's tables to standard output, ready for `read`. Logs go to stderr. */
export const catalog: Command = async (context) => {
  const { syncMode = 'full_refresh', streams: glob = '*', cursor, debug } = context.arguments;
  const logger = createLogger(logToText(context.stderr), context.redactor, debug);
  const options = { patienceMs: DISCOVERY_PATIENCE_MS, logger };
  const discovered = await withSource(context, options, discoverCatalog);
  const matches = compileGlob(glob);
  const chosen = discovered.streams.filter((stream) => matches(stream.name));
  if (chosen.length === 0) {
    throw new ConfigError(`No stream matches "--streams" ${glob}. Check the glob.`);
  }
  const streams = chosen.map((stream) =>
    configureStream(
      stream,
      syncMode as SyncMode,
      cursor === undefined ? [] : chooseCursorField(stream, cursor),
    ),
  );
  if (cursor !== undefined) reportCursor(cursor, streams, logger);
  await context.writer.writeLines(`${stringifyOrdered({ streams }, '  ')}\n`);
  return 0;
};

interface ConfiguredStream {
  readonly stream: StreamDefinition;
  readonly cursor_field: readonly string[];
}

function configureStream(
  stream: StreamDefinition,
  syncMode: SyncMode,
  cursorField: readonly string[],
): ConfiguredStream & Readonly<Record<string, unknown>> {
  return {
    stream,
    sync_mode: syncMode,
    destination_sync_mode: syncMode === 'incremental' ? 'append_dedup' : 'overwrite',
    primary_key: stream.source_defined_primary_key,
    cursor_field: cursorField,
  };
}

/** @throws ConfigError when no stream has the cursor. */
function reportCursor(cursor: string, streams: readonly ConfiguredStream[], logger: Logger): void {
  const without = streams.filter(({ cursor_field: field }) => field.length === 0);
  const name = quoteName(cursor);
  if (without.length === streams.length) {
    throw new ConfigError(
      `No stream has a column ${name} of text or numbers. Check the name after --cursor.`,
    );
  }
  if (without.length === 0) return;
  const names = listSome(
    without.map(({ stream }) => quoteName(stream.name)),
    MOST_NAMED,
  );
  logger.warn(
    `These streams have no column ${name} of text or numbers, so they are read in full: ${names}.`,
  );
}
