import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { ScanPage } from '../../aws/dynamodb/scan-page.ts';

/** A page and the segment that it belongs to. */
export interface SegmentPage {
  readonly segment: number;
  readonly page: ScanPage;
}

/** Fetches the page of a segment that follows a key, waiting out temporary failures. */
export type FetchPage = (segment: number, startKey: RawItem | undefined) => Promise<ScanPage>;

/**
 * Yields the pages of one segment, with one page of read-ahead: the next is requested as soon as a page has arrived, so
 * that the network is busy while the page is transcoded and written.
 *
 * When the signal is aborted, it ends without an error, after the page that has already arrived.
 */
export async function* readSegment(
  { segment, startKey }: { readonly segment: number; readonly startKey?: RawItem },
  fetchPage: FetchPage,
  signal: AbortSignal,
): AsyncGenerator<SegmentPage> {
  let pending: Promise<ScanPage> | undefined = fetchPage(segment, startKey);
  try {
    while (pending !== undefined) {
      const page: ScanPage = await pending;
      // An empty page is not the end: a filter may have removed every item. Only a missing `LastEvaluatedKey` ends it.
      const nextKey = page.lastEvaluatedKey;
      const goesOn: boolean = nextKey !== undefined && !signal.aborted;
      pending = goesOn ? fetchPage(segment, nextKey) : undefined;
      // A failure is noticed when it is awaited, which may be never if the consumer stops.
      pending?.catch(() => undefined);
      yield { segment, page };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
