import { PageLoans } from '../../aws/calls/page-loans.ts';
import type { ItemPage } from '../../item-page.ts';
import { merge, type Source } from '../../merge.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ReadStrategy, StreamState } from '../read-strategy.ts';
import { PageFetcher } from './page-fetcher.ts';
import type { ScanPlan } from './scan-plan.ts';
import { ScanProgress } from './scan-progress.ts';
import { readSegment, type SegmentPage } from './segment-reader.ts';

/** Segments read at a time: more gain nothing on one core, so further ones begin as these end. */
export const MOST_OPEN_SEGMENTS = 64;
// One is transcoded, or waits to be, while the next is under way.
const PAGES_PER_SEGMENT = 2;

/** Reads a table by a parallel scan. */
export class ScanStrategy implements ReadStrategy {
  readonly #plan: Pick<ScanPlan, 'settings' | 'start'>;
  readonly #resources: ReadResources;
  readonly #progress: ScanProgress;
  #isRead = false;

  constructor(plan: Pick<ScanPlan, 'settings' | 'start'>, resources: ReadResources) {
    this.#plan = plan;
    this.#resources = resources;
    this.#progress = ScanProgress.resume(plan.start);
  }

  /** Whether the table was read to its end. */
  get isRead(): boolean {
    return this.#isRead;
  }

  async *read(signal: AbortSignal): AsyncGenerator<ItemPage> {
    const loans = new PageLoans(this.#resources.pages, PAGES_PER_SEGMENT * this.#openSegmentCount);
    try {
      const segments = this.#openSegments(loans);
      const pages = merge(segments, { concurrency: MOST_OPEN_SEGMENTS, signal });
      for await (const page of pages) yield this.#toItemPage(page, loans);
      this.#isRead = !signal.aborted;
    } finally {
      loans.close();
    }
  }

  state(): StreamState {
    return this.#isRead ? this.#progress.toFinishedState() : { scan: this.#progress.toState() };
  }

  /** Segments that are read at the same time. */
  get #openSegmentCount(): number {
    return Math.min(MOST_OPEN_SEGMENTS, this.#progress.openCount);
  }

  *#openSegments(loans: PageLoans): Generator<Source<SegmentPage>> {
    const { totalSegments } = this.#progress;
    const fetcher = new PageFetcher({
      resources: this.#resources,
      loans,
      settings: this.#plan.settings,
      totalSegments,
      openSegments: this.#openSegmentCount,
    });
    for (const segment of this.#progress.openSegments()) {
      yield (signal) =>
        readSegment(segment, (number, key) => fetcher.fetch(number, key, signal), signal);
    }
  }

  #toItemPage({ segment, page }: SegmentPage, loans: PageLoans): ItemPage {
    const { buffer, itemsStart, itemsEnd, count, consumedReadUnits } = page;
    const run = { start: itemsStart + 1, end: itemsEnd };
    return {
      bytes: buffer.body,
      runs: run.end > run.start ? [run] : [],
      ...(count !== undefined && { itemCount: count }),
      ...(consumedReadUnits !== undefined && { consumedReadUnits }),
      advance: () => {
        this.#progress.advance(segment, page.lastEvaluatedKey);
      },
      release: () => {
        loans.release(buffer);
      },
    };
  }
}
