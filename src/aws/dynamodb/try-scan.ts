import type { DynamoDbConnection } from '../connection.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import type { ScanTarget } from './scan-expressions.ts';
import { fetchScanPage } from './scan-page.ts';

/**
 * Reads one item, or evaluates one that a filter leaves out: enough to meet every refusal that a whole scan would meet.
 *
 * @throws what the SDK throws.
 */
export async function tryScan(
  connection: DynamoDbConnection,
  target: ScanTarget,
  signal: AbortSignal,
): Promise<void> {
  const request = { ...target, segment: 0, totalSegments: 1, limit: 1 };
  await fetchScanPage(connection, request, new PageBuffer(), signal);
}
