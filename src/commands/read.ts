import { ReadMonitor } from '../monitoring/read-monitor.ts';
import { type ConfiguredStream, parseConfiguredCatalog } from '../protocol/configured-catalog.ts';
import { parseInputState, type InputState } from '../protocol/input-state.ts';
import type { Logger } from '../protocol/logger.ts';
import { readStreams } from '../source/read-streams.ts';
import type { Command, CommandContext } from './command.ts';
import { readCatalog } from './input/catalog-file.ts';
import { readStateFile } from './input/state-file.ts';
import { listSome, quoteName } from '../text/quote-names.ts';
import { withSource } from './source-context.ts';

// Describing a table at the start of its stream waits out an outage as the scan itself does.
const PATIENCE_MS = 5 * 60_000;
const MOST_NAMED = 5;

/** Writes the records and states of every configured stream; the exit code is 0 when all of them are complete. */
export const read: Command = async (context) => {
  const { writer, logger } = context;
  const streams = parseConfiguredCatalog(await readCatalog(context, logger));
  if (streams.length === 0) logger.warn('The configured catalog has no streams: nothing is read.');
  const state = await readGivenState(context);
  if (state.ignoredLegacyEntries > 0) {
    logger.warn(`${state.ignoredLegacyEntries} state entries of the LEGACY type are ignored.`);
  }
  warnOfForeignState(state, streams, logger);
  const monitor = new ReadMonitor(context);
  const options = { patienceMs: PATIENCE_MS, logger: monitor.logger };
  try {
    const areComplete = await withSource(context, options, (source) =>
      readStreams({ ...source, writer, streams, state, monitor }),
    );
    return areComplete ? 0 : 1;
  } finally {
    await monitor.close();
  }
};

/** States of streams that were deselected are usual, but a file without any other is hardly the right one. */
function warnOfForeignState(
  { byStream }: InputState,
  streams: readonly ConfiguredStream[],
  logger: Logger,
): void {
  const isOfNone = !streams.some(({ descriptor }) => byStream.has(descriptor.name));
  if (byStream.size === 0 || !isOfNone) return;
  const names = [...byStream.keys()].map(quoteName);
  logger.warn(
    `The state has no entry of a configured stream, but of ${listSome(names, MOST_NAMED)}. Every stream is read from its beginning.`,
  );
}

function readGivenState({ arguments: given, logger, uid }: CommandContext): Promise<InputState> {
  const warn = (message: string): void => {
    logger.warn(message);
  };
  return given.state === undefined
    ? Promise.resolve(parseInputState(undefined))
    : readStateFile(given.state, { warn, uid });
}
