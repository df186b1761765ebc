import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { atExit } from '../../support/at-exit.ts';
import { CONNECTOR_PATH, connectorEnvironment } from '../../support/connector.ts';

/** A connector whose pipes the test itself reads, or does not. It is killed when this process ends. */
export function spawnConnector(args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [CONNECTOR_PATH, ...args], {
    env: connectorEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  );
  return child;
}

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended, whether or not its output was read. */
export async function untilExit(child: ChildProcessWithoutNullStreams): Promise<Ending> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { exitCode: child.exitCode, signal: child.signalCode };
}
