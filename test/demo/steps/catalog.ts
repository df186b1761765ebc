import { parseJsonObject } from '../../support/json.ts';
import { expect, type DemoContext } from '../demo-context.ts';
import { runIntoFile } from '../run-command.ts';
import { DEMO_TABLES } from '../tables/all-tables.ts';

/** Has the connector write the configured catalog that a platform makes of a user's choice of streams. */
export async function showCatalog(demo: DemoContext): Promise<void> {
  const { terminal } = demo;
  terminal.step('catalog', 'choose what to read: here everything');
  const run = await runIntoFile(demo, ['catalog', '--config', 'config.json'], 'catalog.json');
  const { streams } = parseJsonObject(run.text);
  const count = Array.isArray(streams) ? streams.length : 0;
  expect(count === DEMO_TABLES.length, `${count} streams in the configured catalog.`);
  terminal.success(`${count} streams, to be read in full.`);
  terminal.note("--streams 'order*' would choose some, --sync-mode incremental another mode.");
}
