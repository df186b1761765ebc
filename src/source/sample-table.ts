import { sampleItems, type ItemSample, type SampleOptions } from '../aws/dynamodb/sample-items.ts';
import type { ScanTarget } from '../aws/dynamodb/scan-expressions.ts';
import type { SourceContext } from '../strategies/source-context.ts';

/**
 * Samples the items of a table as a read would scan them, so that the schema describes what the read will return.
 *
 * @throws ConfigError, TransientError.
 */
export async function sampleTable(
  { connection, patience }: SourceContext,
  target: ScanTarget,
  options: Omit<SampleOptions, 'patience'>,
): Promise<ItemSample> {
  if (options.size === 0) return { items: [], isWholeTable: false };
  return sampleItems(connection, target, { ...options, patience });
}
