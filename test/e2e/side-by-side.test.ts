import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, type FakeAws, hang, startFakeAws } from '../support/fake-aws.ts';
import type { Message } from '../support/messages.ts';
import { numberedStream, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, startRead } from './support/source-runs.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const ITEMS = 40;
const CATALOG = { streams: NAMES.map((name) => numberedStream(name)) };

function isEnd(message: Message): boolean {
  if (message.type !== 'TRACE' || message.trace.type !== 'STREAM_STATUS') return false;
  return message.trace.stream_status.status === 'COMPLETE';
}

/** The streams in the order in which they ended, with how. */
function endings(run: ConnectorRun): readonly string[] {
  return run.traces.flatMap((trace) => {
    if (trace.type !== 'STREAM_STATUS') return [];
    const { stream_descriptor: stream, status } = trace.stream_status;
    const isEnd = status === 'COMPLETE' || status === 'INCOMPLETE';
    return isEnd ? [`${stream.name} ${status}`] : [];
  });
}

/** Fails unless each state of each stream counts just the records of that stream since its state before. */
function expectOwnCounts(run: ConnectorRun): void {
  const uncovered = new Map<string, number>();
  for (const message of run.messages) {
    if (message.type === 'RECORD') {
      const { stream } = message.record;
      uncovered.set(stream, (uncovered.get(stream) ?? 0) + 1);
    }
    if (message.type !== 'STATE') continue;
    const { stream, sourceStats } = message.state;
    const { name } = stream.stream_descriptor;
    expect(sourceStats?.recordCount, name).to.equal(uncovered.get(name) ?? 0);
    uncovered.set(name, 0);
  }
}

describe('streams side by side', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: NAMES.map((name) => numberedTable(name, ITEMS, 5)) });
  });
  afterEach(() => aws.stop());

  function readAll(options = {}): Promise<ConnectorRun> {
    const config = engineConfig(aws, { checkpoint_target_interval_seconds: 0, ...options });
    return read({ config, catalog: CATALOG });
  }

  /** How many tables have been scanned to their ends. */
  function countFinished(): number {
    const scanned = aws.requestsTo('Scan').map(({ input }) => input.TableName as string);
    return new Set(scanned.filter((name) => name !== 'a')).size;
  }

  it('have states of their own, and every record once', async () => {
    const run = await readAll();
    expect(run.exitCode).to.equal(0);
    for (const name of NAMES) {
      expect(run.statuses(name)).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
      expect(run.records(name)).to.have.lengthOf(ITEMS);
    }
    expectOwnCounts(run);
  });

  it('are not held up by one that is throttled for as long as they are read', async () => {
    const scan = aws.handler('Scan');
    aws.on('Scan', (input, request) => {
      const isHeld = input.TableName === 'a' && countFinished() < NAMES.length - 1;
      return isHeld ? awsError('ThrottlingException', 'Slow down.') : scan(input, request);
    });
    const run = await readAll({ concurrent_streams: 2, scan: { segments: 64 } });
    expect(run.exitCode).to.equal(0);
    expect(endings(run).at(-1)).to.equal('a COMPLETE');
    expect([...endings(run)].sort()).to.deep.equal(NAMES.map((name) => `${name} COMPLETE`));
    expectOwnCounts(run);
  });

  it('are not held up by others whose requests hang', async () => {
    const scan = aws.handler('Scan');
    const releases: (() => Promise<void>)[] = [];
    // A few pages first, so that it is known how long they are.
    const answeredBefore = new Map([
      ['a', 8],
      ['b', 8],
    ]);
    aws.on('Scan', (input, request) => {
      const name = input.TableName as string;
      const left = answeredBefore.get(name) ?? Infinity;
      answeredBefore.set(name, left - 1);
      if (left > 0) return scan(input, request);
      const held = hang();
      releases.push(async () => {
        held.release(await scan(input, request));
      });
      return held.reply;
    });
    const options = { concurrent_streams: 3, scan: { segments: 64 } };
    const running = await startRead({ config: engineConfig(aws, options), catalog: CATALOG });
    let ended = 0;
    await running.waitFor((message) => {
      if (isEnd(message)) ended++;
      return ended === NAMES.length - 2;
    });
    answeredBefore.clear();
    await Promise.all(releases.map((release) => release()));
    const run = await running.done;
    expect(run.exitCode).to.equal(0);
    expect(endings(run).slice(-2).sort()).to.deep.equal(['a COMPLETE', 'b COMPLETE']);
    for (const name of NAMES) expect(run.records(name)).to.have.lengthOf(ITEMS);
    // The two that hang ask for as many pages as they may have.
    expect(releases).to.have.length.above(50);
  });

  it('go on when one fails', async () => {
    aws.deny({ operation: 'Scan', table: 'c' });
    const run = await readAll();
    expect(run.exitCode).to.equal(1);
    const others = NAMES.filter((name) => name !== 'c');
    const expected = [...others.map((name) => `${name} COMPLETE`), 'c INCOMPLETE'];
    expect([...endings(run)].sort()).to.deep.equal([...expected].sort());
    expect(run.errors.map((error) => error.stream_descriptor?.name)).to.deep.equal(['c']);
    expectOwnCounts(run);
  });

  for (const concurrency of [1, 3]) {
    it(`are no more than ${concurrency} at a time when that is configured`, async () => {
      const run = await readAll({ concurrent_streams: concurrency });
      let open = 0;
      let most = 0;
      for (const trace of run.traces) {
        if (trace.type !== 'STREAM_STATUS') continue;
        if (trace.stream_status.status === 'STARTED') most = Math.max(most, ++open);
        if (trace.stream_status.status === 'COMPLETE') open--;
      }
      expect([open, most]).to.deep.equal([0, concurrency]);
    });
  }
});
