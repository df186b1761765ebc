import { formatCount } from '../../../src/text/figures.ts';
import type { StatePayload } from '../../support/messages.ts';
import { renderColumns } from '../columns.ts';
import { expect, writeFor, type DemoContext } from '../demo-context.ts';
import type { ReadTally } from '../read-tally.ts';
import { describeState } from '../saved-state.ts';
import { showRead } from '../show-read.ts';
import { DEMO_TABLES, TOTAL_ITEMS } from '../tables/all-tables.ts';

/** In the middle of the orders: some streams are finished by then, others not begun. */
const INTERRUPT_AT = Math.floor(TOTAL_ITEMS * 0.3);

/** Reads, sends SIGTERM in the middle, and saves the last state of each stream as a platform does. */
export async function showInterruptedRead(demo: DemoContext): Promise<ReadTally> {
  const { terminal } = demo;
  terminal.step('interruption', 'SIGTERM in the middle, as when a container is stopped');
  let pid = 0;
  let toldAt = 0;
  const args = ['--config', 'config.json', '--catalog', 'catalog.json'];
  const { run, tally } = await showRead(demo, args, {
    onRecord: (count, connector) => {
      if (count !== INTERRUPT_AT) return;
      toldAt = performance.now();
      pid = connector.child.pid ?? 0;
      connector.kill('SIGTERM');
    },
  });
  const milliseconds = Math.round(performance.now() - toldAt);
  terminal.command(`kill -TERM ${pid}`);
  expect(run.signal === 'SIGTERM', `The read was to die of SIGTERM. ${run.stderr}`);
  const count = formatCount(tally.total);
  terminal.success(`Stopped within ${milliseconds} ms, its place saved, at ${count} records.`);
  await saveStates(demo, run.states);
  return tally;
}

async function saveStates(demo: DemoContext, states: readonly StatePayload[]): Promise<void> {
  const { terminal } = demo;
  const saved = new Map(states.map((state) => [state.stream.stream_descriptor.name, state]));
  await writeFor(demo, 'state.json', [...saved.values()]);
  const rows = DEMO_TABLES.flatMap(({ definition: { name } }) =>
    describeState(saved.get(name)?.stream.stream_state).map((text, index) => [
      index === 0 ? name : '',
      text,
    ]),
  );
  terminal.table(renderColumns([{ heading: 'Stream' }, { heading: 'Saved in state.json' }], rows));
}
