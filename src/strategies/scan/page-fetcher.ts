import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { DynamoDbConnection } from '../../aws/connection.ts';
import type { PageBuffer } from '../../aws/calls/page-buffer.ts';
import type { PageBufferPool } from '../../aws/calls/page-buffer-pool.ts';
import { callPatiently } from '../../aws/calls/patient-call.ts';
import { fetchScanPage, type ScanPage } from '../../aws/dynamodb/scan-page.ts';
import type { ConnectorError } from '../../errors.ts';
import type { ExpectedPage } from './page-cost.ts';
import { RateLimitNotice } from './rate-limit-notice.ts';
import { ScanPacer } from './scan-pacer.ts';
import type { ScanSettings } from './scan-settings.ts';

// A fault or an outage is waited out for this long before the read gives up; its state is saved then.
const PATIENCE_MS = 5 * 60_000;
// Throttling passes when others read less, or when the table has been given more, as takes on-demand tables half an
// hour.
const THROTTLING_PATIENCE_MS = 30 * 60_000;

/** What pages are fetched with. */
export interface PageFetcherInput {
  readonly connection: DynamoDbConnection;
  readonly settings: ScanSettings;
  readonly totalSegments: number;
  /** Segments that are read at the same time. */
  readonly openSegments: number;
  readonly pool: PageBufferPool;
  readonly signal: AbortSignal;
  /** Told of each pause after a failure that may pass. */
  readonly onRetry: (error: ConnectorError, pauseMs: number) => void;
  /** Told when throttling holds the scan up, and when it goes on. */
  readonly onRateLimit: (isLimited: boolean) => void;
}

/** Fetches the pages of one scan's segments: within the budget, slower when DynamoDB asks for it, and patiently. */
export class PageFetcher {
  readonly #input: PageFetcherInput;
  readonly #pacer: ScanPacer;
  readonly #notice: RateLimitNotice;
  #lastPageAt = performance.now();

  constructor(input: PageFetcherInput) {
    this.#input = input;
    this.#pacer = new ScanPacer(input.settings, input.openSegments);
    this.#notice = new RateLimitNotice(input.onRateLimit, () => performance.now());
  }

  /**
   * The page of a segment behind a key; its buffer is the caller's to release.
   *
   * @throws ConnectorError when it cannot be had, or the signal's reason.
   */
  async fetch(segment: number, startKey: RawItem | undefined): Promise<ScanPage> {
    const { connection, settings, pool, signal } = this.#input;
    const buffer = await pool.acquire(signal);
    const call = { action: 'dynamodb:Scan', resource: settings.target.table };
    const patience = {
      patienceMs: PATIENCE_MS,
      throttlingPatienceMs: THROTTLING_PATIENCE_MS,
      lastProgressAt: () => this.#lastPageAt,
      signal,
      onRetry: (error: ConnectorError, pauseMs: number): void => {
        this.#slowDown(error, pauseMs);
      },
    };
    try {
      const page = await callPatiently(connection, call, patience, () =>
        this.#fetchOnce(segment, startKey, buffer),
      );
      pool.settle(buffer);
      return page;
    } catch (error) {
      pool.release(buffer);
      throw error;
    }
  }

  async #fetchOnce(
    segment: number,
    startKey: RawItem | undefined,
    buffer: PageBuffer,
  ): Promise<ScanPage> {
    const { connection, settings, totalSegments, signal } = this.#input;
    const expected = await this.#pacer.admit(signal);
    const request = {
      ...settings.target,
      segment,
      totalSegments,
      ...(expected.limit !== undefined && { limit: expected.limit }),
      ...(startKey && { exclusiveStartKey: startKey }),
    };
    let page: ScanPage;
    try {
      page = await fetchScanPage(connection, request, buffer, signal);
    } catch (error) {
      this.#pacer.refund(expected);
      throw error;
    }
    this.#pacer.settle(expected, describePage(page, expected));
    this.#lastPageAt = performance.now();
    this.#notice.goOn();
    return page;
  }

  /** A segment of hot keys waits for itself; when the table is at its limit, all of its segments wait. */
  #slowDown(error: ConnectorError, pauseMs: number): void {
    if (error.throttling === 'table') this.#pacer.hold(pauseMs);
    if (error.throttling !== undefined) this.#notice.wait();
    this.#input.onRetry(error, pauseMs);
  }
}

/** A server that does not tell what a page cost is taken to have charged what was expected. */
function describePage(page: ScanPage, expected: ExpectedPage) {
  const isFull = page.lastEvaluatedKey !== undefined;
  return {
    units: page.consumedReadUnits ?? expected.units,
    items: page.scannedCount ?? (isFull ? expected.limit : undefined),
  };
}
