import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import split2 from 'split2';
import { atExit } from './at-exit.ts';
import { ConnectorOutput, type MessageListener } from './connector-output.ts';
import { ConnectorRun } from './connector-run.ts';
import type { Message } from './messages.ts';
import { tempDirectory } from './temp-files.ts';

export { ConnectorRun } from './connector-run.ts';

/** The built entry point, as `bin` names it. */
export const CONNECTOR_PATH = fileURLToPath(new URL('../../main.js', import.meta.url));

export interface ConnectorOptions {
  /** Text for standard input, which is then closed; without it standard input is empty. */
  readonly stdin?: string;
  /** On top of `connectorEnvironment()`. */
  readonly env?: Readonly<Record<string, string>>;
  /** A script to run instead of the built connector: for testing this file. */
  readonly entryPoint?: string;
  /** The Node that runs the connector, this process's own by default. */
  readonly nodeBinary?: string;
  readonly cwd?: string;
  /** `text` for `catalog` and `estimate`, whose result is no message: lines are kept, not parsed. */
  readonly stdout?: 'messages' | 'text';
  /** Counts RECORD lines by stream instead of keeping them, for large reads. */
  readonly discardRecords?: boolean;
}

/** A connector process that is still running. */
export interface RunningConnector {
  readonly child: ChildProcess;
  /** Calls back for each message, first for those that have come already. */
  onMessage(listener: MessageListener): void;
  /** The first message that fits; rejects when the run ends without one. */
  waitFor(fits: (message: Message) => boolean): Promise<Message>;
  kill(signal?: NodeJS.Signals): void;
  /**
   * Resolves when the process has ended and its output is read to the end, whatever its exit code. Rejects, and kills
   * the process, when stdout carries something other than messages; only SIGKILL may leave half a line at the end.
   */
  readonly done: Promise<ConnectorRun>;
}

/** Starts the built connector with these arguments, as a user does. It is killed when this process ends. */
export function startConnector(
  args: readonly string[],
  options: ConnectorOptions = {},
): RunningConnector {
  const child = spawn(
    options.nodeBinary ?? process.execPath,
    [options.entryPoint ?? CONNECTOR_PATH, ...args],
    {
      cwd: options.cwd,
      env: { ...connectorEnvironment(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const forget = atExit(() => child.kill('SIGKILL'));
  child.once('exit', forget);
  // A connector may end without having read its input; that is no fault of the run.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const output = new ConnectorOutput({
    format: options.stdout ?? 'messages',
    discardRecords: options.discardRecords ?? false,
  });
  const done = finish(child, child.stdout, child.stderr, output);
  return {
    child,
    onMessage: (listener) => output.listen(listener),
    waitFor: (fits) => waitFor(output, done, fits),
    kill: (signal) => child.kill(signal),
    done,
  };
}

/** Runs the built connector with these arguments to its end, as a user does. */
export function runConnector(
  args: readonly string[],
  options: ConnectorOptions = {},
): Promise<ConnectorRun> {
  return startConnector(args, options).done;
}

/** This process's environment without what would give a connector AWS credentials, endpoints, proxies or telemetry. */
export function connectorEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(AWS|OTEL)_|_PROXY$/i.test(name) ? [] : [[name, value] as const],
  );
  const nowhere = join(tempDirectory(), 'no-such-file');
  return {
    ...Object.fromEntries(inherited),
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function finish(
  child: ChildProcess,
  stdout: Readable,
  stderr: Readable,
  output: ConnectorOutput,
): Promise<ConnectorRun> {
  const [[exitCode, signal], , errorText] = await Promise.all([
    untilClosed(child),
    readLines(child, stdout, output),
    readText(stderr),
  ]);
  output.end(signal);
  const { lines, messages, discarded, partialLine } = output;
  return new ConnectorRun({
    ...{ exitCode, signal, stderr: errorText },
    ...{ lines, messages, discarded, partialLine },
  });
}

async function untilClosed(
  child: ChildProcess,
): Promise<readonly [number | null, NodeJS.Signals | null]> {
  await once(child, 'close');
  return [child.exitCode, child.signalCode];
}

async function readLines(
  child: ChildProcess,
  stdout: Readable,
  output: ConnectorOutput,
): Promise<void> {
  try {
    for await (const line of stdout.pipe(split2('\n'))) output.add(String(line));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function readText(readable: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readable) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function waitFor(
  output: ConnectorOutput,
  done: Promise<ConnectorRun>,
  fits: (message: Message) => boolean,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    output.listen((message) => {
      if (fits(message)) resolve(message);
    });
    done.then((run) => {
      const end = `exit code ${String(run.exitCode)}, signal ${String(run.signal)}`;
      reject(new Error(`the run ended (${end}) without the awaited message\n${run.stderr}`));
    }, reject);
  });
}
