import { isOfReason } from '../../../errors.ts';
import { renderTime } from '../../export/export-time.ts';
import type { TableExports } from './table-exports.ts';

/**
 * Why exports cannot tell of the changes since a time, as the end of a sentence; undefined when they can.
 *
 * @param since milliseconds since 1970.
 * @throws ConnectorError when that cannot be found out.
 */
export async function findObstacle(
  exports: TableExports,
  since: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { earliest } = await exports.fetchRecovery(signal);
    if (since >= earliest) return undefined;
    return `its point-in-time recovery reaches back to ${renderTime(earliest)} only`;
  } catch (error) {
    if (isOfReason(error, 'no recovery')) return error.message;
    throw error;
  }
}
