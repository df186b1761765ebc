import type { ItemPage } from '../../item-page.ts';
import { addSeen, NOTHING_SEEN, type SeenValues } from '../../values/seen-values.ts';
import type { Notice } from '../read-plan.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import { ScanStrategy } from '../scan/scan-strategy.ts';
import { advanceCursor } from './advance-cursor.ts';
import type { CursorPlan } from './cursor-plan.ts';
import { describeCursor, warnOfInvisible } from './cursor-reports.ts';
import { toFinishedState, toRunningState } from './cursor-state.ts';
import { judgeTypes, sampleTypes } from './cursor-types.ts';
import type { CursorValue } from './cursor-value.ts';

/** Reads what is new in a table by a scan with a filter, and saves how far that was when the scan is complete. */
export class CursorStrategy implements ReadStrategy {
  readonly #plan: CursorPlan;
  readonly #resources: ReadResources;
  readonly #scan: ScanStrategy;
  #startedAt: number | undefined;
  #seen: SeenValues;
  /** Once every segment is complete; there may be none. */
  #finished: { readonly cursor: CursorValue | undefined } | undefined;

  constructor(plan: CursorPlan, resources: ReadResources) {
    const { resumed } = plan.cursor;
    this.#plan = plan;
    this.#resources = resources;
    this.#scan = new ScanStrategy(plan, resources);
    this.#startedAt = resumed?.startedAt;
    this.#seen = resumed?.seen ?? NOTHING_SEEN;
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const { cursor } = this.#plan;
    // Before the first request, so that no item is older than it was read to be.
    if (cursor.resumed === undefined) this.#startedAt = this.#readTime();
    const sampled = await sampleTypes(this.#plan, this.#resources, signal);
    for await (const page of this.#scan.read(signal)) yield this.#watch(page);
    if (!this.#scan.isRead) return;
    this.#tell(judgeTypes(this.#plan, this.#seen, sampled));
    this.#finish();
  }

  state(): StreamState {
    const { settings, cursor, start } = this.#plan;
    if (this.#finished !== undefined) {
      const scope = { ...settings.scope, total_segments: start.total_segments };
      return toFinishedState(cursor.field, this.#finished.cursor, scope);
    }
    const progress = {
      ...cursor,
      seen: this.#seen,
      ...this.#largest,
      ...(this.#startedAt !== undefined && { startedAt: this.#startedAt }),
    };
    return toRunningState(progress, this.#scan.state().scan);
  }

  #watch(page: ItemPage): ItemPage {
    return {
      ...page,
      advance: (seen = NOTHING_SEEN) => {
        this.#seen = addSeen(this.#seen, seen);
        page.advance();
      },
    };
  }

  #finish(): void {
    const { cursor } = this.#plan;
    const { previous, marginMs } = cursor;
    const { largest } = this.#largest;
    const startedAt = this.#startedAt;
    this.#finished = { cursor: previous };
    // Of a scan that another connector has begun it is not known what happened since.
    if (startedAt === undefined) return;
    if (previous === undefined) this.#tell(warnOfInvisible(cursor, this.#seen, largest));
    if (largest === undefined) return;
    const advanced = advanceCursor({
      ...{ largest, startedAt, marginMs },
      ...(previous && { previous }),
    });
    this.#finished = { cursor: advanced.value };
    this.#tell(describeCursor(cursor, advanced));
  }

  #tell(notices: readonly Notice[]): void {
    for (const notice of notices) this.#resources.events.told(notice);
  }

  /** The largest value of the cursor's type: that of most items where no cursor is saved yet. */
  get #largest(): { readonly largest?: CursorValue } {
    const { counts, largest } = this.#seen;
    const isNumber = (counts.N ?? 0) > (counts.S ?? 0);
    const type = this.#plan.cursor.previous?.type ?? (isNumber ? 'N' : 'S');
    const text = largest[type];
    return text === undefined ? {} : { largest: { type, text } };
  }

  /** AWS's time, at most that of now. */
  #readTime(): number {
    const { clock } = this.#resources.connection;
    const now = clock.awsNow();
    if (now !== undefined) return toSecond(now);
    const message = `${this.#plan.cursor.stream}: the answers of the endpoint have no date, so the start of the read is taken from the clock of this machine.`;
    this.#tell([{ level: 'info', message }]);
    return toSecond(clock.now());
  }
}

/** Rounded down, as a state has it. */
function toSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
