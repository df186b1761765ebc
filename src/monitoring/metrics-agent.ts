import { readFile } from 'node:fs/promises';
import type { Agent, AgentOptions } from 'node:https';
import type { Environment } from './terminal.ts';

/** Creates an agent for HTTPS. */
export type CreateAgent = (options: AgentOptions) => Agent;

// What TLS calls the file, and what the environment calls it.
const FILES = { ca: 'CERTIFICATE', cert: 'CLIENT_CERTIFICATE', key: 'CLIENT_KEY' };

/**
 * Returns the options of an agent for a collector: the certificates and the key that the environment names.
 *
 * The exporter reads these files only for an agent of its own.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 * @throws Error for a file that cannot be read, with its name and that of its variable.
 */
export async function readAgentOptions(env: Environment): Promise<AgentOptions> {
  const entries = Object.entries(FILES).map(async ([option, suffix]) => [
    option,
    await readNamed(env, [`OTEL_EXPORTER_OTLP_METRICS_${suffix}`, `OTEL_EXPORTER_OTLP_${suffix}`]),
  ]);
  return { keepAlive: true, ...(Object.fromEntries(await Promise.all(entries)) as AgentOptions) };
}

/** Reads the file that the first of the variables that is set names. */
async function readNamed(env: Environment, names: readonly string[]): Promise<Buffer | undefined> {
  const name = names.find((variable) => env[variable]?.trim());
  const path = name === undefined ? undefined : env[name]?.trim();
  if (name === undefined || path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Error(`${path}, which ${name} names, cannot be read: ${code}`, { cause: error });
  }
}
