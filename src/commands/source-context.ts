import { levelOfPause } from '../aws/calls/retry.ts';
import { parseConfig } from '../config/parse-config.ts';
import { connect } from '../aws/connection.ts';
import { createProxyFinder } from '../aws/proxies/proxy.ts';
import { ConfigError } from '../errors.ts';
import { isJsonObject } from '../json/json-object.ts';
import { formatDuration } from '../text/figures.ts';
import type { Logger } from '../protocol/logger.ts';
import type { SourceContext } from '../strategies/source-context.ts';
import type { CommandContext } from './command.ts';
import { readJsonFile } from './input/json-file.ts';

/**
 * Reads the config, opens the connection for a piece of work, and closes it again.
 *
 * @param patienceMs for how long a failing call is retried.
 * @throws ConfigError, and what the work throws.
 */
export async function withSource<Result>(
  context: CommandContext,
  { patienceMs, logger }: { readonly patienceMs: number; readonly logger: Logger },
  work: (source: SourceContext) => Promise<Result>,
): Promise<Result> {
  const { redactor, signal, uid } = context;
  const file = { path: context.arguments.config ?? '-', what: 'config' };
  const input = await readJsonFile(file, { uid, warn: (message) => logger.warn(message) });
  if (!isJsonObject(input)) {
    throw new ConfigError('The config must be a JSON object.');
  }
  addSecrets(input, redactor);
  const config = parseConfig(input, context.env);
  for (const warning of config.warnings) logger.warn(warning);
  const connection = await connect(config, {
    env: context.env,
    findProxy: createProxyFinder(context.env),
    onSecret: (secret) => {
      redactor.add(secret);
    },
    warn: (message) => {
      logger.warn(message);
    },
  });
  const onRetry = (error: Error, pauseMs: number): void => {
    logger[levelOfPause(pauseMs)](`Trying again in ${formatDuration(pauseMs)}. ${error.message}`);
  };
  try {
    return await work({ config, connection, logger, patience: { patienceMs, signal, onRetry } });
  } finally {
    connection.close();
  }
}

/** Masks the secrets of a config before anything is said about it. */
function addSecrets(input: object, redactor: CommandContext['redactor']): void {
  const { credentials } = input as { readonly credentials?: Readonly<Record<string, unknown>> };
  for (const name of ['access_key_id', 'secret_access_key', 'session_token']) {
    const secret = credentials?.[name];
    if (typeof secret === 'string') redactor.add(secret.trim());
  }
}
