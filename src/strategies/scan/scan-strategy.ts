import { setMaxListeners } from 'node:events';
import { type ConnectorError, SystemError } from '../../errors.ts';
import { merge } from '../../merge.ts';
import type { DynamoDbConnection } from '../../aws/connection.ts';
import { PageBufferPool } from '../../aws/calls/page-buffer-pool.ts';
import type { LentOutput } from '../../records/output-pool.ts';
import type { RecordOptions, RecordTranscoder, Unlisted } from '../../records/transcoder.ts';
import type { TranscoderEngine } from '../../records/transcoder-engine.ts';
import type { Batch, ReadStrategy, StreamState } from '../read-strategy.ts';
import { PageFetcher } from './page-fetcher.ts';
import { ScanProgress } from './scan-progress.ts';
import type { ScanSettings } from './scan-settings.ts';
import { readSegment, type SegmentPage } from './segment-reader.ts';

/** Segments read at a time: more bring nothing on one core, so further ones are begun as these end. */
export const MOST_OPEN_SEGMENTS = 64;
// Pages that may wait while each open segment asks for its next one. It bounds the memory, at 1.2 MB and more a page.
const READ_AHEAD_PAGES = 16;
/** Pages that a scan holds at most. */
export const MOST_PAGES = MOST_OPEN_SEGMENTS + READ_AHEAD_PAGES;

/** What a scan is made of. */
export interface ScanInput {
  readonly connection: DynamoDbConnection;
  readonly settings: ScanSettings;
  readonly progress: ScanProgress;
  readonly engine: TranscoderEngine;
  readonly records: RecordOptions;
  /** Told of each pause after a failure that may pass. */
  readonly onRetry: (error: ConnectorError, pauseMs: number) => void;
  /** Told when throttling holds the scan up, and when it goes on. */
  readonly onRateLimit: (isLimited: boolean) => void;
}

/** Reads a table by a parallel scan. */
export class ScanStrategy implements ReadStrategy {
  readonly #input: ScanInput;
  /** As of when the read ended. */
  #unlisted: Unlisted = { attributes: [], unnamedValues: 0 };

  constructor(input: ScanInput) {
    this.#input = input;
  }

  async *read(signal: AbortSignal): AsyncGenerator<Batch> {
    const stop = new AbortController();
    // Every request under way listens to it.
    setMaxListeners(0, stop.signal);
    const stopAll = (): void => {
      stop.abort();
    };
    if (signal.aborted) stopAll();
    signal.addEventListener('abort', stopAll, { once: true });
    const { engine, records } = this.#input;
    const pool = new PageBufferPool(MOST_PAGES, engine.pages);
    const transcoder = engine.openSession(records);
    // The lines of a batch stay until the batch after the next is asked for.
    const outputs: LentOutput[] = [];
    try {
      for await (const segmentPage of this.#mergeSegments(pool, stop)) {
        let isTaken = false;
        try {
          if (outputs.length === 2) outputs.shift()?.release();
          const output = await engine.lendOutput(signal);
          outputs.push(output);
          yield this.#toBatch(segmentPage, pool, { transcoder, output });
          isTaken = true;
        } finally {
          // No page will be taken any more: what the segments wait for must not keep them from closing.
          if (!isTaken) stopAll();
        }
      }
    } finally {
      stopAll();
      pool.close();
      for (const output of outputs) output.release();
      this.#unlisted = transcoder.listUnlisted();
      transcoder.close();
      signal.removeEventListener('abort', stopAll);
    }
  }

  describe(): string {
    const { progress, settings } = this.#input;
    const { totalSegments } = progress;
    const { scope, unitsPerSecond } = settings;
    const source = scope.index_name === undefined ? '' : `the index ${scope.index_name} `;
    const share =
      scope.slice === undefined ? '' : `slice ${scope.slice.index} of ${scope.slice.count} of `;
    const budget =
      unitsPerSecond === undefined
        ? ''
        : `, with at most ${Number(unitsPerSecond.toFixed(1))} read units a second`;
    return `${source}in ${share}${totalSegments} ${totalSegments === 1 ? 'segment' : 'segments'}${budget}`;
  }

  finalState(): StreamState {
    return { ...this.#input.progress.toFinishedState() };
  }

  listUnlisted(): Unlisted {
    return this.#unlisted;
  }

  /** Transcodes a page, and notes that its segment has gone on behind it. */
  #toBatch(
    { segment, page }: SegmentPage,
    pool: PageBufferPool,
    { transcoder, output }: { transcoder: RecordTranscoder; output: LentOutput },
  ): Batch {
    const { progress } = this.#input;
    const run = { start: page.itemsStart + 1, end: page.itemsEnd };
    const items = { bytes: page.buffer.body, runs: run.end > run.start ? [run] : [] };
    const { lines, recordCount } = transcoder.transcode(items, output, Date.now());
    if (page.count !== undefined && page.count !== recordCount) {
      throw new SystemError(
        `The answer to dynamodb:Scan has ${recordCount} items, but counts ${page.count}.`,
      );
    }
    pool.release(page.buffer);
    progress.advance(segment, page.lastEvaluatedKey);
    const units = page.consumedReadUnits;
    return {
      lines,
      recordCount,
      state: () => ({ scan: progress.toState() }),
      ...(units !== undefined && { consumedReadUnits: units }),
    };
  }

  #mergeSegments(pool: PageBufferPool, stop: AbortController): AsyncGenerator<SegmentPage> {
    const { progress, ...input } = this.#input;
    const fetcher = new PageFetcher({
      ...input,
      totalSegments: progress.totalSegments,
      openSegments: Math.min(MOST_OPEN_SEGMENTS, progress.openCount),
      pool,
      signal: stop.signal,
    });
    function* openSegments(): Generator<AsyncGenerator<SegmentPage>> {
      for (const { segment, startKey } of progress.openSegments()) {
        if (stop.signal.aborted) return;
        yield readSegment(segment, startKey, (number, key) => fetcher.fetch(number, key), stop);
      }
    }
    return merge(openSegments(), MOST_OPEN_SEGMENTS);
  }
}
