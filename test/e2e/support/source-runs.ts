import { configuredCatalog, type CatalogChoice } from '../../support/configure-catalog.ts';
import {
  runConnector,
  startConnector,
  type ConnectorOptions,
  type ConnectorRun,
  type RunningConnector,
} from '../../support/connector.ts';
import type { Engine } from '../../support/engine.ts';
import type { JsonObject } from '../../support/json.ts';
import { writeJson } from '../../support/temp-files.ts';

/** The role of `roleCredentials`. */
export const ROLE_ARN = 'arn:aws:iam::123456789012:role/reader';

/** A config that reads an engine with its own access key; `options` are more of its properties. */
export function engineConfig(engine: Engine, options: JsonObject = {}): JsonObject {
  return {
    region: engine.region,
    endpoint: engine.endpoint,
    credentials: {
      auth_type: 'User',
      access_key_id: engine.accessKeyId,
      secret_access_key: engine.secretAccessKey,
    },
    ...options,
  };
}

/** Credentials of a role that an engine's own access key assumes; `options` are more of their properties. */
export function roleCredentials(engine: Engine, options: JsonObject = {}): JsonObject {
  return {
    auth_type: 'AssumeRole',
    access_key_id: engine.accessKeyId,
    secret_access_key: engine.secretAccessKey,
    role_arn: ROLE_ARN,
    ...options,
  };
}

/** Runs a command with a config, any value that the config file is to hold. */
export async function runCommand(
  command: string,
  config: unknown,
  options: ConnectorOptions = {},
): Promise<ConnectorRun> {
  return runConnector([command, '--config', await writeJson(config)], options);
}

/** A configured catalog of what the connector discovers; throws what it says when it discovers nothing. */
export async function discover(config: JsonObject, choice: CatalogChoice = {}): Promise<unknown> {
  const run = await runCommand('discover', config);
  if (run.catalog === undefined) throw new Error(`no catalog: ${run.text}${run.stderr}`);
  return configuredCatalog(run.catalog, choice);
}

/** What a read is started with. */
export interface ReadInput {
  readonly config: unknown;
  readonly catalog: unknown;
  /** What the state file holds; no `--state` without it. */
  readonly state?: unknown;
}

export async function startRead(
  { config, catalog, state }: ReadInput,
  options: ConnectorOptions = {},
): Promise<RunningConnector> {
  const args = ['read', '--config', await writeJson(config), '--catalog', await writeJson(catalog)];
  if (state !== undefined) args.push('--state', await writeJson(state));
  return startConnector(args, options);
}

export async function read(
  input: ReadInput,
  options: ConnectorOptions = {},
): Promise<ConnectorRun> {
  return (await startRead(input, options)).done;
}
