import type { ItemPage } from '../../item-page.ts';
import type { ExportControl } from './export-control.ts';
import { renderTime } from './export-time.ts';
import type { ExportTuning } from './export-tuning.ts';
import type { ExportWait } from './export-wait.ts';
import { latestSecond, type RecoveryPeriod } from './export-windows.ts';

// The latest moment that can be exported moves on by itself, some five minutes behind.
const RECOVERY_POLL_MS = 15_000;

/** What is needed to wait for a moment. */
export interface MomentInput {
  readonly control: ExportControl;
  readonly tuning: ExportTuning;
  /** Told for how long it is waited for. */
  readonly wait: ExportWait;
  /** A page behind which the state says that it is waited still. */
  readonly notePoll: () => ItemPage;
}

/**
 * Waits until a moment can be exported. Returns the latest one that can be exported then; undefined when the signal was
 * aborted before. All in milliseconds since 1970.
 *
 * @param recovery as it was told just now.
 * @throws ConnectorError, or the signal's reason.
 */
export async function* awaitMoment(
  moment: number,
  recovery: RecoveryPeriod,
  { control, tuning, wait, notePoll }: MomentInput,
  signal: AbortSignal,
): AsyncGenerator<ItemPage, number | undefined> {
  wait.begin(`the moment when ${renderTime(moment)} can be exported`);
  try {
    for (let latest = latestSecond(recovery); !signal.aborted;) {
      if (latest >= moment) return latest;
      yield notePoll();
      await tuning.sleep(RECOVERY_POLL_MS, signal);
      latest = latestSecond(await control.fetchRecovery());
    }
    return undefined;
  } finally {
    wait.end();
  }
}
