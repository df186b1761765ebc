import { engineConfig } from '../../e2e/support/source-runs.ts';
import { expect, writeFor, type DemoContext } from '../demo-context.ts';
import { layOutJson } from '../json-text.ts';
import { runCommand } from '../run-command.ts';

/** Pages this small, and a state after each, leave many moments at which a read can be interrupted. */
const PAGE_ITEMS = 250;

/** Writes the config and checks that the tables can be read with it. */
export async function showCheck(demo: DemoContext): Promise<void> {
  const { terminal, engine } = demo;
  terminal.step('check', 'can the tables be reached with this config?');
  const config = engineConfig(engine, {
    scan: { segments: 4, page_size: PAGE_ITEMS },
    checkpoint_target_interval_seconds: 0,
  });
  await writeFor(demo, 'config.json', config);
  terminal.command('cat config.json');
  terminal.text(layOutJson(JSON.stringify(config), terminal));
  const run = await runCommand(demo, ['check', '--config', 'config.json']);
  const status = run.connectionStatus?.status;
  expect(status === 'SUCCEEDED', `check says ${String(run.connectionStatus?.message)}`);
  terminal.success(`SUCCEEDED: ${run.logs.at(-1)?.message ?? ''}`);
}
