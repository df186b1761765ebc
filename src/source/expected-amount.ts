import type { ExpectedAmount } from '../monitoring/stream-progress.ts';
import type { ScanSettings } from '../strategies/scan/scan-settings.ts';
import { DEFAULT_PRICE_PER_MILLION, estimateScan, plannedUnits } from './scan-estimate.ts';

/**
 * What a scan is expected to bring, for its progress: its items, or its read units where a filter keeps items back.
 *
 * Nothing where that is not known: a new table shows no items for up to six hours, and how much of a resumed scan is
 * left its state does not tell.
 */
export function expectAmount(
  table: string,
  settings: ScanSettings,
  savedState: unknown,
): ExpectedAmount {
  const isResumed = typeof savedState === 'object' && savedState !== null && 'scan' in savedState;
  if (settings.itemCount === 0 || isResumed) return {};
  if (settings.target.filterExpression === undefined) return { records: settings.itemCount };
  return { readUnits: plannedUnits(estimateScan(table, settings, DEFAULT_PRICE_PER_MILLION)) };
}
