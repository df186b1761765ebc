import { createProxyFinder } from '../aws/proxies/proxy.ts';
import { ProxyAgent } from '../aws/proxies/proxy-agent.ts';
import type { CreateAgent } from '../monitoring/metrics-agent.ts';
import { ReadMonitor } from '../monitoring/read-monitor.ts';
import { parseConfiguredCatalog } from '../protocol/configured-catalog.ts';
import { parseInputState, type InputState } from '../protocol/input-state.ts';
import { readStreams } from '../source/read-streams.ts';
import type { Command, CommandContext } from './command.ts';
import { describeForeignStates } from './foreign-states.ts';
import { readCatalog } from './input/catalog-file.ts';
import { readStateFile } from './input/state-file.ts';
import { withSource } from './source-context.ts';

// Describing a table at the start of its stream waits out an outage as the scan itself does.
const PATIENCE_MS = 5 * 60_000;

/** Writes the records and states of every configured stream; the exit code is 0 when all of them are complete. */
export const read: Command = async (context) => {
  const { writer, logger } = context;
  const streams = parseConfiguredCatalog(await readCatalog(context, logger));
  if (streams.length === 0)
    logger.warn('The configured catalog has no streams, so nothing is read.');
  const state = await readGivenState(context);
  if (state.ignoredLegacyEntries > 0) {
    logger.warn(
      `The state has entries of the LEGACY type (${state.ignoredLegacyEntries}), which are ignored.`,
    );
  }
  for (const sentence of describeForeignStates(state.states, streams)) logger.warn(sentence);
  const findProxy = createProxyFinder(context.env);
  const createAgent: CreateAgent = (options) => new ProxyAgent(findProxy, options);
  const monitor = new ReadMonitor({ ...context, createAgent });
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

function readGivenState({ arguments: given, logger, uid }: CommandContext): Promise<InputState> {
  const warn = (message: string): void => {
    logger.warn(message);
  };
  return given.state === undefined
    ? Promise.resolve(parseInputState(undefined))
    : readStateFile(given.state, { warn, uid });
}
