import { chooseMethod } from '../strategies/choose-method.ts';
import type { CheckedTable } from '../strategies/replication-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { rejectKeyCalledData, rejectReservedKey } from './catalog.ts';
import { checkColumns } from './check-columns.ts';
import { inspectTables } from './find-tables.ts';

/**
 * Tries what a read of every selected table will do. Describes each, and reads a little of it with its own options. The
 * results are ordered by name.
 *
 * @param onAnswer called for each answer.
 * @throws ConfigError, TransientError.
 */
export function checkTables(
  context: SourceContext,
  onAnswer: () => void,
): Promise<readonly (CheckedTable & { readonly name: string })[]> {
  const { config } = context;
  const method = chooseMethod(config);
  return inspectTables(context, async (table, stoppable) => {
    onAnswer();
    rejectKeyCalledData(table, config.records.format);
    rejectReservedKey(table, method);
    const checked = await method.check(table, stoppable);
    onAnswer();
    await checkColumns(stoppable, table, checked);
    return { name: table.name, ...checked };
  });
}
