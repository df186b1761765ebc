import { type Arguments, parseArguments, UsageError } from './commands/arguments.ts';
import type { Command, CommandContext } from './commands/command.ts';
import { describeGoingOn } from './commands/going-on.ts';
import { describeCommand, USAGE } from './commands/usage.ts';
import { SystemError, toConnectorError } from './errors.ts';
import { DescriptorOutput } from './protocol/descriptor-output.ts';
import { createLogger, logToMessages } from './protocol/logger.ts';
import { MessageWriter, OutputError } from './protocol/message-writer.ts';
import { Redactor } from './protocol/redactor.ts';
import { isUnderNohup, wasClosed } from './protocol/null-device.ts';
import { createStop, type Stop } from './stop.ts';

const STDOUT_FD = 1;
const EXIT_USAGE = 2;
const EXIT_SIGPIPE = 141;
const SIGNAL_EXIT_CODES = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;
type StopSignal = keyof typeof SIGNAL_EXIT_CODES;

// Airbyte and docker kill the process ten seconds after asking it to stop; the last state has to be out well before.
const GRACE_MS = 4500;

// The young generation of V8's heap stays as small as it is when a read begins. In a read, few objects survive, so a
// larger one would only take memory, more and more with time. V8 checks this flag whenever it would grow it.
// https://nodejs.org/api/v8.html#v8setflagsfromstringflags
const READ_FLAGS = '--semi-space-growth-factor=1';

// package.json says which versions of Node are supported; the SDK's own warning at every start is noise in a log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const redactor = new Redactor();
// process.stdout is not even accessed unless necessary: that alone would make a pipe non-blocking.
const output = new DescriptorOutput(STDOUT_FD, () => process.stdout);
const writer = new MessageWriter(output, redactor);

// Each command has its own imports, so that spec loads nothing of AWS.
async function loadCommand(name: Arguments['command']): Promise<Command> {
  switch (name) {
    case 'spec':
      return (await import('./commands/spec.ts')).spec;
    case 'check':
      return (await import('./commands/check.ts')).check;
    case 'discover':
      return (await import('./commands/discover.ts')).discover;
    case 'read': {
      const { read } = await import('./commands/read.ts');
      const { setFlagsFromString } = await import('node:v8');
      setFlagsFromString(READ_FLAGS);
      return read;
    }
    case 'estimate':
      return (await import('./commands/estimate.ts')).estimate;
    case 'catalog':
      return (await import('./commands/catalog.ts')).catalog;
  }
}

async function run(given: Arguments): Promise<number> {
  const stop = createStop();
  const received = listenForStop(stop);
  const sink = logToMessages(writer, (error) => {
    endOnFailure(error);
  });
  const context: CommandContext = {
    arguments: given,
    stdout: output,
    // Creating it takes as long as everything that spec does.
    get stderr() {
      return process.stderr;
    },
    get isForPerson() {
      return isForPerson(given);
    },
    tellPerson: (sentence) => {
      if (process.stderr.isTTY && !output.isTTY) process.stderr.write(`${sentence}\n`);
    },
    uid: process.getuid?.(),
    env: process.env,
    writer,
    redactor,
    signal: stop.signal,
    logger: createLogger(sink, redactor, given.debug),
  };
  const command = await loadCommand(given.command);
  try {
    const exitCode = await command(context);
    // Nothing waits for log lines when they are written.
    await writer.flush();
    if (received.signal !== undefined) endBySignal(given, received.signal);
    return exitCode;
  } catch (error) {
    if (received.signal !== undefined) endBySignal(given, received.signal);
    if (error instanceof OutputError) throw error;
    const sentence = redactor.redact(toConnectorError(error).message);
    if (isForPerson(given) || writesResult(given)) process.stderr.write(`${sentence}\n`);
    else context.tellPerson(sentence);
    // A person who is looking at a table does not want a message below it.
    if (isForPerson(given)) return 1;
    throw error;
  }
}

/** Whether stdout carries the result of the command, for people and programs, instead of messages. */
function writesResult({ command }: Arguments): boolean {
  return command === 'catalog' || command === 'estimate';
}

function isForPerson(given: Arguments): boolean {
  return (given.command === 'discover' || writesResult(given)) && output.isTTY;
}

/** Says how to continue after Ctrl-C, and ends the process by its signal. */
function endBySignal(given: Arguments, signal: StopSignal): never {
  if (given.command === 'read' && signal === 'SIGINT' && process.stderr.isTTY) {
    process.stderr.write(`${describeGoingOn(given)}\n`);
  }
  dieOf(signal);
}

/** Stops the work at the first signal, and ends the process if that takes too long or a second one comes. */
function listenForStop(stop: Stop): { readonly signal: StopSignal | undefined } {
  const received: { signal: StopSignal | undefined } = { signal: undefined };
  for (const name of Object.keys(SIGNAL_EXIT_CODES) as StopSignal[]) {
    process.on(name, () => {
      if (name === 'SIGHUP' && isUnderNohup()) return;
      if (received.signal !== undefined) dieOf(name);
      received.signal = name;
      stop.abort();
      setTimeout(() => {
        dieOf(name);
      }, GRACE_MS).unref();
    });
  }
  return received;
}

/**
 * Ends the process by the signal itself, as its parent expects.
 *
 * PID 1, as in a container, cannot be killed like this. Its exit would wait for a write that is stuck because nobody
 * reads; but if Node can (22.15 and later), a shell replaces the process, which ends all of its threads.
 */
function dieOf(signal: StopSignal): never {
  process.removeAllListeners(signal);
  const exitCode = SIGNAL_EXIT_CODES[signal];
  if (process.pid !== 1) process.kill(process.pid, signal);
  else if (output.writableLength > 0) {
    const { execve } = process as { execve?: (file: string, args: readonly string[]) => never };
    execve?.('/bin/sh', ['sh', '-c', `exit ${exitCode}`]);
  }
  process.exit(exitCode);
}

/** Ends the process when its output cannot be written: quietly when nobody is reading any longer, as SIGPIPE would. */
function endWithoutOutput({ cause }: OutputError): never {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EPIPE') process.exit(EXIT_SIGPIPE);
  process.stderr.write(
    `The output cannot be written (${message}). Make room for it and try again.\n`,
  );
  process.exit(1);
}

/** Reports a failure that no command has handled, and ends the process. */
function endOnFailure(error: unknown): void {
  if (error instanceof OutputError) endWithoutOutput(error);
  writer.writeError(error).then(
    () => process.exit(1),
    (failure: unknown) => endWithoutOutput(failure as OutputError),
  );
}

async function main(argv: readonly string[]): Promise<void> {
  const given = parseArguments(argv);
  if (given === 'help') process.stdout.write(USAGE);
  else if (given === 'version') {
    const { readVersion } = await import('./config/version.ts');
    process.stdout.write(`${readVersion()}\n`);
  } else if ('helpOn' in given) process.stdout.write(describeCommand(given.helpOn));
  else {
    rejectClosedOutput();
    process.exit(await run(given));
  }
}

/** Fails if nothing can arrive, since success would be wrong, unless the user has sent the output to /dev/null. */
function rejectClosedOutput(): void {
  if (!wasClosed(STDOUT_FD)) return;
  process.stderr.write(
    'Standard output is closed, or is /dev/null opened for reading and writing, which looks the same, so nothing that is written would arrive. Send the output to a file or a pipe, or open /dev/null for writing only.\n',
  );
  process.exit(1);
}

process.on('uncaughtException', (error) => {
  endOnFailure(
    new SystemError(`The connector failed unexpectedly: ${error.message}`, { cause: error }),
  );
});
// The writer's own callback sees the failure; without a listener it would count as unhandled.
output.on('error', () => undefined);

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    const about = error.command === undefined ? '--help' : `${error.command} --help`;
    process.stderr.write(`${error.message}\nSee: source-dynamodb ${about}\n`);
    process.exitCode = EXIT_USAGE;
  } else endOnFailure(error);
}
