import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningConnector } from '../support/connector.ts';
import { awsError, hang, startFakeAws, type FakeAws, type Reply } from '../support/fake-aws.ts';
import type { Message } from '../support/messages.ts';
import { writeJson } from '../support/temp-files.ts';
import {
  isEachOnce,
  numberedCatalog,
  numberedStream,
  numberedTable,
  numbersIn,
} from './support/numbered-table.ts';
import { spawnConnector, untilExit } from './support/raw-process.ts';
import { engineConfig, read, startRead } from './support/source-runs.ts';
import { withoutSdkWarning } from './support/stderr-text.ts';

const ITEM_COUNT = 40_000;
const PAGE_SIZE = 100;
/** The platform kills ten seconds after it has asked. */
const LONGEST_STOP_MS = 5_000;
/** Well before a connector that was told once gives up on its output. */
const AT_ONCE_MS = 2_000;
/** A connector that asks for nothing in this time waits for its output to be read. */
const QUIET_MS = 500;

describe('a read that is told to stop', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    const tables = [numberedTable('t', ITEM_COUNT, PAGE_SIZE), numberedTable('u', 10, PAGE_SIZE)];
    aws = await startFakeAws({ tables });
  });
  afterEach(() => aws.stop());

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`by ${signal} writes what it has, a last state and INCOMPLETE, and dies of it`, async () => {
      const catalog = { streams: [numberedStream('t'), numberedStream('u')] };
      const config = { ...engineConfig(aws), concurrent_streams: 1 };
      const running = await startRead({ config, catalog });
      await running.waitFor(isRecord);
      const { run, elapsedMs } = await stop(running, signal);
      expect([run.exitCode, run.signal]).to.deep.equal([null, signal]);
      expect(elapsedMs).to.be.below(LONGEST_STOP_MS);
      expect(run.statuses('t')).to.deep.equal(['STARTED', 'RUNNING', 'INCOMPLETE']);
      expect(run.statuses('u'), 'no other stream is begun').to.deep.equal([]);
      expect(run.errors).to.deep.equal([]);
      expect(withoutSdkWarning(run.stderr)).to.equal('');
      const [last] = run.states.slice(-1);
      expect(last?.sourceStats?.recordCount).to.equal(numbersIn(run).length);

      const rest = await read({ config, catalog, state: run.states });
      expect(rest.exitCode).to.equal(0);
      const numbers = [...numbersIn(run), ...numbersIn(rest).slice(0, -10)];
      expect(numbersIn(run).length).to.be.below(ITEM_COUNT);
      expect(isEachOnce(numbers, ITEM_COUNT), 'the rest, and no repeats').to.equal(true);
    });
  }

  const WAITS: readonly (readonly [string, Reply, (message: Message) => boolean])[] = [
    ['a page is being waited for', hang().reply, isRecord],
    ['it waits out throttling', awsError('ThrottlingException', 'Rate exceeded'), isWarning],
  ];
  for (const [name, reply, fits] of WAITS) {
    it(`does so while ${name}`, async () => {
      const scan = aws.handler('Scan');
      let pages = 0;
      aws.on('Scan', (input, request) => (++pages > 8 ? reply : scan(input, request)));
      const running = await startRead({ config: engineConfig(aws), catalog: numberedCatalog('t') });
      await running.waitFor(fits);
      const { run, elapsedMs } = await stop(running, 'SIGTERM');
      expect(run.signal).to.equal('SIGTERM');
      expect(elapsedMs).to.be.below(LONGEST_STOP_MS);
      expect(run.errors).to.deep.equal([]);
      expect(run.statuses('t').at(-1)).to.equal('INCOMPLETE');
      expect(run.states.at(-1)?.sourceStats?.recordCount).to.equal(numbersIn(run).length);
    });
  }

  it('dies of SIGTERM within 5 s though nobody reads its output', async () => {
    const args = ['read', '--config', await writeJson(engineConfig(aws))];
    const child = spawnConnector([...args, '--catalog', await writeJson(numberedCatalog('t'))]);
    // The pipe is full when the fake is asked no more: the first pages alone are larger than it.
    const asked = await untilQuiet(child, () => aws.requestsTo('Scan').length);
    expect(asked).to.be.below(ITEM_COUNT / PAGE_SIZE);
    // How long this machine takes over a stop that waits for nothing.
    const running = await startRead({ config: engineConfig(aws), catalog: numberedCatalog('t') });
    await running.waitFor(isRecord);
    const { elapsedMs: workMs } = await stop(running, 'SIGTERM');
    const startedAt = performance.now();
    child.kill('SIGTERM');
    expect(await untilExit(child)).to.deep.equal({ exitCode: null, signal: 'SIGTERM' });
    expect(performance.now() - startedAt - workMs).to.be.below(LONGEST_STOP_MS);
    child.stdout.destroy();
  });

  it('dies of a second signal at once', async () => {
    const args = ['read', '--config', await writeJson(engineConfig(aws))];
    const child = spawnConnector([...args, '--catalog', await writeJson(numberedCatalog('t'))]);
    await untilQuiet(child, () => aws.requestsTo('Scan').length);
    const startedAt = performance.now();
    child.kill('SIGTERM');
    child.kill('SIGINT');
    const { signal } = await untilExit(child);
    expect(performance.now() - startedAt).to.be.below(AT_ONCE_MS);
    expect(signal).to.be.oneOf(['SIGINT', 'SIGTERM']);
    child.stdout.destroy();
  });
});

describe('other commands that are told to stop', () => {
  for (const command of ['check', 'discover'] as const) {
    it(`${command} dies of SIGTERM without an error`, async () => {
      const aws = await startFakeAws({ tables: [numberedTable('t', 10, 10)] });
      let askedForScan: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (askedForScan = resolve));
      aws.on('Scan', () => {
        askedForScan();
        return hang().reply;
      });
      const child = spawnConnector([command, '--config', await writeJson(engineConfig(aws))]);
      child.stdout.resume();
      const stderr = child.stderr.setEncoding('utf8').toArray();
      await asked;
      child.kill('SIGTERM');
      expect(await untilExit(child)).to.deep.equal({ exitCode: null, signal: 'SIGTERM' });
      expect(withoutSdkWarning((await stderr).join(''))).to.equal('');
      await aws.stop();
    });
  }
});

function isRecord(message: Message): boolean {
  return message.type === 'RECORD';
}

function isWarning(message: Message): boolean {
  return message.type === 'LOG' && message.log.level === 'WARN';
}

async function stop(running: RunningConnector, signal: NodeJS.Signals) {
  const startedAt = performance.now();
  running.kill(signal);
  const run = await running.done;
  return { run, elapsedMs: performance.now() - startedAt };
}

/** Resolves with a count that has begun to grow and then has not grown for a while. */
async function untilQuiet(child: ChildProcess, count: () => number): Promise<number> {
  for (let last = 0; child.exitCode === null; last = count()) {
    await delay(QUIET_MS);
    if (last > 0 && count() === last) return last;
  }
  throw new Error(`the connector ended with exit code ${String(child.exitCode)}`);
}
