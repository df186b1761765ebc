import { fetchCallerIdentity } from '../aws/credentials/caller-identity.ts';
import { SystemError, toConnectorError } from '../errors.ts';
import { formatBytes, formatNumberOf } from '../text/figures.ts';
import { listSome } from '../text/quote-names.ts';
import { checkTables } from '../source/check-tables.ts';
import { chooseMethod } from '../strategies/choose-method.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import { createStop } from '../stop.ts';
import type { Command } from './command.ts';
import { withSource } from './source-context.ts';

// A person waits for the answer.
const PATIENCE_MS = 10_000;
// Whatever has not answered by then never will, and the request's own time-out is longer than a person waits.
const LONGEST_SILENCE_MS = 30_000;
// A line of this many names can still be read.
const MOST_NAMED = 20;

type CheckedTables = Awaited<ReturnType<typeof checkTables>>;

/** Says whether the config works, by trying what a read will do; also says who is reading and which tables they see. */
export const check: Command = async (context) => {
  const { writer, redactor, logger } = context;
  try {
    await withSource(context, { patienceMs: PATIENCE_MS, logger }, async (source) => {
      const identity = describeIdentity(source);
      const tables = await checkUnlessSilent(source);
      for (const { remarks } of tables) remarks.forEach((remark) => logger.info(remark));
      logger.info(chooseMethod(source.config).costs);
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
    context.tellPerson(message);
  }
  return 0;
};

/** @throws TransientError when no table answers for half a minute, and what `checkTables` throws. */
async function checkUnlessSilent(source: SourceContext): Promise<CheckedTables> {
  const { connection, patience } = source;
  const { signal, abort } = createStop(patience.signal);
  const timer = setTimeout(abort, LONGEST_SILENCE_MS);
  let lastFailure: Error | undefined;
  const onRetry: typeof patience.onRetry = (error, pauseMs) => {
    lastFailure = error;
    patience.onRetry(error, pauseMs);
  };
  try {
    return await checkTables({ ...source, patience: { ...patience, signal, onRetry } }, () => {
      lastFailure = undefined;
      timer.refresh();
    });
  } catch (error) {
    const isSilent = signal.aborted && !patience.signal.aborted;
    if (!isSilent) throw error;
    if (lastFailure !== undefined) throw lastFailure;
    const timeout = new Error(`silent for ${LONGEST_SILENCE_MS / 1000} s`, { cause: error });
    timeout.name = 'TimeoutError';
    throw connection.classify(timeout, 'dynamodb:DescribeTable');
  } finally {
    clearTimeout(timer);
  }
}

/** Says who is reading. If STS may not be called or cannot be reached, tables can be read all the same. */
async function describeIdentity({
  config,
  connection,
  logger,
  patience,
}: SourceContext): Promise<string> {
  try {
    const arn = await fetchCallerIdentity(config, connection, patience.signal);
    if (arn !== undefined) return arn;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    logger.debug(`STS does not say who the credentials belong to. ${reason}`);
  }
  return 'This source';
}

function describeTables(tables: CheckedTables): string {
  const described = tables.map(({ name, size: { itemCount, sizeBytes } }) => {
    if (itemCount === 0) return `${name} (empty or not yet counted)`;
    return `${name} (about ${formatNumberOf(itemCount, 'item')}, ${formatBytes(sizeBytes)})`;
  });
  return `${formatNumberOf(tables.length, 'table')}: ${listSome(described, MOST_NAMED)}`;
}
