import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startConnector, type ConnectorRun, type RunningConnector } from '../support/connector.ts';
import { DemoFailure, type DemoContext } from './demo-context.ts';

/** The name under which the package installs the connector. */
const COMMAND_NAME = 'source-dynamodb';

/** Shows the command line and starts the built connector with it, in the demo's directory. */
export function startCommand(
  { terminal, directory }: DemoContext,
  args: readonly string[],
): RunningConnector {
  terminal.command([COMMAND_NAME, ...args].join(' '));
  return startConnector(args, { cwd: directory });
}

/** Shows the command line and runs the connector to its end. @throws DemoFailure when it does not succeed. */
export async function runCommand(
  demo: DemoContext,
  args: readonly string[],
): Promise<ConnectorRun> {
  const run = await startCommand(demo, args).done;
  expectSuccess(run);
  return run;
}

/** Like `runCommand`, for a command whose output is no messages but the content of a file. */
export async function runIntoFile(
  { terminal, directory }: DemoContext,
  args: readonly string[],
  file: string,
): Promise<ConnectorRun> {
  terminal.command([COMMAND_NAME, ...args, '>', file].join(' '));
  const run = await startConnector(args, { cwd: directory, stdout: 'text' }).done;
  expectSuccess(run);
  await writeFile(join(directory, file), run.text);
  return run;
}

/** @throws DemoFailure with what the connector said, unless its exit code is 0. */
export function expectSuccess(run: ConnectorRun): void {
  if (run.exitCode === 0) return;
  const end = run.signal ?? `exit code ${String(run.exitCode)}`;
  const errors = run.errors.map(({ message }) => message);
  throw new DemoFailure([`The connector ended with ${end}.`, ...errors, run.stderr].join('\n'));
}
