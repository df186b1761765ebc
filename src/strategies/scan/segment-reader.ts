import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { ScanPage } from '../../aws/dynamodb/scan-page.ts';

/** A page and the segment that it is of. */
export interface SegmentPage {
  readonly segment: number;
  readonly page: ScanPage;
}

/** Fetches the page of a segment behind a key, waiting out what passes. */
export type FetchPage = (segment: number, startKey: RawItem | undefined) => Promise<ScanPage>;

/**
 * The pages of one segment, with one page of read-ahead: the next is asked for as soon as a page is here, so that the
 * network works while the page is transcoded and written.
 *
 * When the signal is aborted it ends without an error, after the page that is already here.
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
      // Its failure is seen when it is awaited, which may be after the consumer has stopped.
      pending?.catch(() => undefined);
      yield { segment, page };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
