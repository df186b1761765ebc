import type { PageLoans } from '../../aws/calls/page-loans.ts';
import { callPatiently, type Patience } from '../../aws/calls/patient-call.ts';
import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import { fetchScanPage, type ScanPage } from '../../aws/dynamodb/scan-page.ts';
import type { ConnectorError } from '../../errors.ts';
import type { ReadResources } from '../read-resources.ts';
import type { ExpectedPage } from './page-cost.ts';
import { RateLimitNotice } from './rate-limit-notice.ts';
import { scanPatience } from './scan-patience.ts';
import { ScanPacer } from './scan-pacer.ts';
import type { ScanSettings } from './scan-settings.ts';

/** What fetching pages needs. */
export interface PageFetcherInput {
  readonly resources: ReadResources;
  readonly loans: PageLoans;
  readonly settings: ScanSettings;
  readonly totalSegments: number;
  /** Segments that are read at the same time. */
  readonly openSegments: number;
}

/** Fetches the pages of one scan's segments: within the budget, slower when DynamoDB asks for it, and patiently. */
export class PageFetcher {
  readonly #input: PageFetcherInput;
  readonly #pacer: ScanPacer;
  readonly #notice: RateLimitNotice;
  #lastPageAt = performance.now();

  constructor(input: PageFetcherInput) {
    const { events } = input.resources;
    this.#input = input;
    this.#pacer = new ScanPacer(input.settings, input.openSegments);
    this.#notice = new RateLimitNotice(
      (isLimited) => events.rateLimited(isLimited),
      () => performance.now(),
    );
  }

  /**
   * Fetches the page of a segment that follows a key; its buffer is on loan.
   *
   * @throws ConnectorError when it cannot be fetched, or the signal's reason.
   */
  fetch(segment: number, startKey: RawItem | undefined, signal: AbortSignal): Promise<ScanPage> {
    const { resources, settings } = this.#input;
    const call = { action: 'dynamodb:Scan', resource: settings.target.table };
    const patience: Patience = {
      ...scanPatience(resources, signal),
      lastProgressAt: () => this.#lastPageAt,
      onRetry: (error, pauseMs) => {
        this.#slowDown(error, pauseMs);
      },
    };
    return callPatiently(resources.connection, call, patience, () =>
      this.#fetchOnce(segment, startKey, signal),
    );
  }

  async #fetchOnce(
    segment: number,
    startKey: RawItem | undefined,
    signal: AbortSignal,
  ): Promise<ScanPage> {
    const { resources, loans, settings, totalSegments } = this.#input;
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
      // Borrowed last: a segment that waits for the budget, or pauses after a failure, must not keep a buffer from the
      // others.
      page = await loans.fill(signal, (buffer) =>
        fetchScanPage(resources.connection, request, buffer, signal),
      );
    } catch (error) {
      this.#pacer.refund(expected);
      throw error;
    }
    this.#pacer.adjust(expected, toSeenPage(page, expected));
    this.#lastPageAt = performance.now();
    this.#notice.goOn();
    return page;
  }

  /** A segment with hot keys waits alone; when the table is at its limit, all of its segments wait. */
  #slowDown(error: ConnectorError, pauseMs: number): void {
    if (error.throttling === 'table') this.#pacer.hold(pauseMs);
    if (error.throttling !== undefined) this.#notice.wait();
    this.#input.resources.events.retrying(error, pauseMs);
  }
}

/** If a server does not say what a page cost, the expected cost is assumed. */
function toSeenPage(page: ScanPage, expected: ExpectedPage) {
  const isFull = page.lastEvaluatedKey !== undefined;
  return {
    units: page.consumedReadUnits ?? expected.units,
    items: page.scannedCount ?? (isFull ? expected.limit : undefined),
  };
}
