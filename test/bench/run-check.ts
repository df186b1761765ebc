import type { Measurement } from './measure.ts';
import type { RunnerName } from './runners.ts';
import type { ServerStats } from './server-protocol.ts';

/** One measured run, with what the server saw of it. */
export interface Run extends Measurement {
  readonly server: ServerStats;
}

/** Throws unless every item was served and every one came out: a fast reader that loses records is not fast. */
export function checkRun(runner: RunnerName, run: Run, expectedRecords: number): void {
  const { server } = run;
  // What a filter lets through is the server's choice, and a few items more are read to learn their types.
  if (runner === 'again' && run.records > 0 && run.records <= server.items) return;
  const wrote = runner === 'floor' ? run.bytes : run.records;
  const expected = runner === 'floor' ? server.bodyBytes : expectedRecords;
  if (wrote !== expected || server.items !== expectedRecords) {
    throw new Error(
      `${runner} read ${server.items} items and wrote ${run.records} records in ${run.lines} lines and ` +
        `${run.bytes} bytes; ${expectedRecords} records were expected.`,
    );
  }
}
