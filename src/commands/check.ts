import { fetchCallerIdentity } from '../dynamodb/caller-identity.ts';
import { SystemError, toConnectorError } from '../errors.ts';
import { formatMegabytes, formatNumberOf } from '../monitoring/figures.ts';
import { type CheckedTable, checkTables } from '../source/check-tables.ts';
import type { SourceContext } from '../source/find-tables.ts';
import type { Command } from './command.ts';
import { withSource } from './source-context.ts';

// A person waits for the answer.
const PATIENCE_MS = 10_000;
// A line of this many names can still be read.
const MOST_NAMED = 20;

/** Says whether the config works, by trying what a read will do, and who reads and what it sees. */
export const check: Command = async (context) => {
  const { writer, redactor, logger } = context;
  try {
    await withSource(context, { patienceMs: PATIENCE_MS, logger }, async (source) => {
      const identity = describeIdentity(source);
      const tables = await checkTables(source);
      for (const { settings } of tables) settings.remarks.forEach((remark) => logger.info(remark));
      logger.info(`${await identity} can read ${describeTables(tables)}.`);
    });
    await writer.write({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } });
  } catch (thrown) {
    const error = toConnectorError(thrown);
    if (error instanceof SystemError) throw error;
    const message = redactor.redact(error.message);
    await writer.write({
      type: 'CONNECTION_STATUS',
      connectionStatus: { status: 'FAILED', message },
    });
  }
  return 0;
};

/** Who reads. That STS may not be asked, or cannot be reached, keeps nobody from reading tables. */
async function describeIdentity({
  config,
  connection,
  logger,
  patience,
}: SourceContext): Promise<string> {
  try {
    const arn = await fetchCallerIdentity(config, connection.credentials, patience.signal);
    if (arn !== undefined) return arn;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    logger.debug(`STS does not tell who the credentials belong to. ${reason}`);
  }
  return 'This source';
}

function describeTables(tables: readonly CheckedTable[]): string {
  const named = tables.slice(0, MOST_NAMED).map(({ name, settings }) => {
    const { itemCount, sizeBytes } = settings;
    if (itemCount === 0) return `${name} (empty or not yet counted)`;
    return `${name} (about ${formatNumberOf(itemCount, 'item')}, ${formatMegabytes(sizeBytes)} MB)`;
  });
  const others = tables.length - named.length;
  return `${formatNumberOf(tables.length, 'table')}: ${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
