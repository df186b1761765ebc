import { discoverCatalog } from '../source/catalog.ts';
import type { Command } from './command.ts';
import { withSource } from './source-context.ts';

/** How long discovery waits out what passes. */
export const DISCOVERY_PATIENCE_MS = 60_000;

/** Writes the catalog of the config's tables. */
export const discover: Command = async (context) => {
  const options = { patienceMs: DISCOVERY_PATIENCE_MS, logger: context.logger };
  const catalog = await withSource(context, options, discoverCatalog);
  await context.writer.write({ type: 'CATALOG', catalog });
  return 0;
};
