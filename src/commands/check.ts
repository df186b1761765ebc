import { SystemError, toConnectorError } from '../errors.ts';
import { checkTables } from '../source/catalog.ts';
import type { Command } from './command.ts';
import { withSource } from './source-context.ts';

// A person waits for the answer.
const PATIENCE_MS = 10_000;

/** Says whether the config works: every selected table is described and one of its items read. */
export const check: Command = async (context) => {
  const { writer, redactor, logger } = context;
  try {
    const tables = await withSource(context, { patienceMs: PATIENCE_MS, logger }, checkTables);
    logger.info(`${tables} ${tables === 1 ? 'table' : 'tables'} can be read.`);
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
