import { ReadMonitor } from '../monitoring/read-monitor.ts';
import { parseConfiguredCatalog } from '../protocol/configured-catalog.ts';
import { parseInputState } from '../protocol/input-state.ts';
import { readStreams } from '../source/read-streams.ts';
import type { Command, CommandContext } from './command.ts';
import { readJsonFile, readStateFile } from './input-file.ts';
import { withSource } from './source-context.ts';

// Describing a table at the start of its stream waits out an outage as the scan itself does.
const PATIENCE_MS = 5 * 60_000;

/** Writes the records and states of every configured stream; the exit code is 0 when all of them are complete. */
export const read: Command = async (context) => {
  const { arguments: given, writer, logger } = context;
  const streams = parseConfiguredCatalog(await readJsonFile(given.catalog ?? '-', 'catalog'));
  const state = parseInputState(await readGivenState(context));
  if (state.ignoredLegacyEntries > 0) {
    logger.warn(`${state.ignoredLegacyEntries} state entries of the LEGACY type are ignored.`);
  }
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

async function readGivenState({ arguments: given, logger }: CommandContext): Promise<unknown> {
  const { state: path } = given;
  if (path === undefined) return undefined;
  return readStateFile(path, () => {
    logger.warn(`There is no state file ${path}, so every stream is read from its beginning.`);
  });
}
