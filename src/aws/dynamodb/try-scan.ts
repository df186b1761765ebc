import type { RawItem } from './attribute-value.ts';
import type { DynamoDbConnection } from '../connection.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import { parseItems } from './page-items.ts';
import type { ScanTarget } from './scan-expressions.ts';
import { fetchScanPage } from './scan-page.ts';

/**
 * Reads one item, or evaluates one that a filter leaves out: enough to run into any refusal that a whole scan would.
 *
 * Returns a list with the item; it is empty when there is none.
 *
 * @throws what `fetchScanPage` throws.
 */
export async function tryScan(
  connection: DynamoDbConnection,
  target: ScanTarget,
  signal: AbortSignal,
): Promise<readonly RawItem[]> {
  const request = { ...target, segment: 0, totalSegments: 1, limit: 1 };
  return parseItems(await fetchScanPage(connection, request, new PageBuffer(), signal));
}
