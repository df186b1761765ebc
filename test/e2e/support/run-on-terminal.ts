import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CONNECTOR_PATH, connectorEnvironment } from '../../support/connector.ts';

/** How a line of a shell ended. */
export interface Ending {
  readonly exitCode: number | null;
  /** What the terminal shows: stdout and stderr, but for what is sent elsewhere. */
  readonly shown: string;
}

/**
 * Runs a line of a shell whose terminal is a pseudo terminal of `script`.
 *
 * @param onShown called whenever something is shown, with all that was shown so far.
 */
export async function runOnTerminal(
  line: string,
  onShown: (shown: string) => void = () => undefined,
): Promise<Ending> {
  const program = `${process.execPath} ${CONNECTOR_PATH}`;
  const command = line.replaceAll('CONNECTOR', program);
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    // A terminal in continuous integration is for nobody.
    env: { ...connectorEnvironment(), CI: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    onShown(shown);
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, shown: shown.replaceAll('\r\n', '\n') };
}
