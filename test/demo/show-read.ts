import type { ConnectorRun, RunningConnector } from '../support/connector.ts';
import type { DemoContext } from './demo-context.ts';
import { ProgressBar } from './progress-bar.ts';
import { ReadTally } from './read-tally.ts';
import { startCommand } from './run-command.ts';
import { DEMO_TABLES, TOTAL_ITEMS } from './tables/all-tables.ts';

export interface ReadOptions {
  /** Records that an earlier read has had, where the bar begins. */
  readonly start?: number;
  /** Called for each record with how many there were, it included. */
  readonly onRecord?: (count: number, connector: RunningConnector) => void;
}

/** A read that has ended, well or not. */
export interface ShownRead {
  readonly run: ConnectorRun;
  readonly tally: ReadTally;
  /** The first RECORD line of each stream. */
  readonly firstLines: ReadonlyMap<string, string>;
  /** How many records, how long and how fast, in words. */
  readonly figures: string;
}

/** Runs `read` with a progress bar. */
export async function showRead(
  demo: DemoContext,
  args: readonly string[],
  { start = 0, onRecord }: ReadOptions = {},
): Promise<ShownRead> {
  const tally = new ReadTally(DEMO_TABLES);
  const firstLines = new Map<string, string>();
  const connector = startCommand(demo, ['read', ...args]);
  const bar = new ProgressBar(demo.terminal, { total: TOTAL_ITEMS, unit: 'records', start });
  connector.onMessage((message, line) => {
    if (message.type !== 'RECORD') return;
    const { record } = message;
    tally.add(record);
    if (!firstLines.has(record.stream)) firstLines.set(record.stream, line);
    bar.tick(record.stream);
    onRecord?.(tally.total, connector);
  });
  try {
    const run = await connector.done;
    return { run, tally, firstLines, figures: bar.describe() };
  } finally {
    bar.finish();
  }
}
