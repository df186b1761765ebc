import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Certificate } from '../support/certificate.ts';
import { prepareConnector } from './connector-setup.ts';
import type { Command } from './measure.ts';

/** Everything that may read a table, in the order of the tables of results. */
export const RUNNER_TITLES = {
  floor: 'node:http, bodies unread',
  connector: 'source-dynamodb',
  cursor: 'source-dynamodb, first sync by a cursor',
  again: 'source-dynamodb, second sync by it',
  sdk: 'AWS SDK, unmarshall + stringify',
  boto3: 'boto3, as the published example',
} as const;

export type RunnerName = keyof typeof RUNNER_TITLES;

export const RUNNER_NAMES = Object.keys(RUNNER_TITLES) as RunnerName[];

/** Those that are compared when nothing else is asked for. */
export const DEFAULT_RUNNERS = RUNNER_NAMES.filter((name) => name !== 'cursor' && name !== 'again');

/**
 * The SDK's way needs most of a minute for a million records and the published example minutes, so they get a part of
 * them; their start-up is too short to matter in that time.
 */
const RECORDS_SHARE: Readonly<Partial<Record<RunnerName, number>>> = { sdk: 0.2, boto3: 0.02 };

/** What a run is to read, and with which programs. */
export interface RunTarget {
  readonly endpoint: string;
  /** The first one, or all of them where the runner can read several: only the connector can. */
  readonly tables: readonly [string, ...string[]];
  readonly segments: number;
  /** Tables that the connector reads side by side; as by default without it. */
  readonly concurrentStreams?: number;
  /** Path of the Node to run under. */
  readonly node: string;
  readonly python: string;
  readonly certificate?: Certificate | undefined;
  /** Whether the changes are read instead of the items: by the connector and the SDK. */
  readonly changes?: boolean;
  /** A directory for files of the run. */
  readonly directory: string;
  /** More properties for the connector's `scan`. */
  readonly scan?: Readonly<Record<string, unknown>>;
}

/** Tells whether `name` is a runner's. */
export function isRunnerName(name: string): name is RunnerName {
  return Object.hasOwn(RUNNER_TITLES, name);
}

/** How many of `records` this runner is given to read. */
export function shareRecords(runner: RunnerName, records: number): number {
  return Math.ceil(records * (RECORDS_SHARE[runner] ?? 1));
}

/** Tells whether `python` can run the published example. */
export async function hasBoto3(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import boto3']);
    return true;
  } catch {
    return false;
  }
}

/** The command that reads `target`; whatever it needs beforehand is done here, outside what is measured. */
export async function prepareRunner(runner: RunnerName, target: RunTarget): Promise<Command> {
  const env = prepareEnvironment(target);
  if (runner === 'connector' || runner === 'cursor' || runner === 'again') {
    return { ...(await prepareConnector(target, env, runner)), env };
  }
  const input = JSON.stringify({
    endpoint: target.endpoint,
    table: target.tables[0],
    segments: target.segments,
  });
  if (runner === 'boto3') {
    // Not compiled, so it lies in the sources: three folders up from dist/test/bench is the project.
    const script = new URL('../../../test/bench/runners/boto3-scan.py', import.meta.url);
    return { program: target.python, args: [fileURLToPath(script), input], env };
  }
  const sdkScript =
    target.changes === true ? './runners/plain-streams-sdk.js' : './runners/plain-sdk.js';
  const script = runner === 'floor' ? './runners/floor.js' : sdkScript;
  return {
    program: target.node,
    args: [fileURLToPath(new URL(script, import.meta.url)), input],
    env,
  };
}

function prepareEnvironment({ certificate }: RunTarget): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(certificate !== undefined && {
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      AWS_CA_BUNDLE: certificate.certFile,
    }),
  };
}
