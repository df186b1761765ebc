import { expect } from 'chai';
import { Agent } from 'node:https';
import { ReadMonitor } from '../../../src/monitoring/read-monitor.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { ManualClock } from './manual-clock.ts';

const PIPE = { isTTY: false };
const NO_COLOR = { NO_COLOR: '1' };
const PAGE = { recordCount: 3000, lines: Buffer.alloc(1_500_000), consumedReadUnits: 250 };

const CHANGES = {
  ...{ changes: 1204, openShards: 3, finishedShards: 12, waitingShards: 1 },
  ...{ behindMs: 4200, isInSnapshot: false },
};

interface Scene {
  readonly stdout?: { isTTY: boolean };
  readonly stderr?: { isTTY?: boolean; columns?: number; rows?: number };
  readonly env?: Record<string, string>;
}

function watch({ stdout = PIPE, stderr = {}, env = NO_COLOR }: Scene = {}) {
  const log: string[] = [];
  const clock = new ManualClock();
  const terminal = new FakeTerminal(stderr);
  const redactor = new Redactor();
  redactor.add('a-secret-of-aws');
  const note = (level: string) => (message: string) => void log.push(`${level} ${message}`);
  const monitor = new ReadMonitor({
    logger: { debug: note('DEBUG'), info: note('INFO'), warn: note('WARN') },
    stdout: new FakeTerminal(stdout),
    stderr: terminal,
    env,
    createAgent: (options) => new Agent(options),
    redactor,
    clock,
  });
  return { monitor, clock, terminal, log };
}

describe('the log of a read', () => {
  it('tells every 30 s how each running stream goes', () => {
    const { monitor, clock, log } = watch();
    const progress = monitor.beginStream('orders');
    progress.setExpected({ records: 100_000 });
    for (let second = 0; second < 10; second++) {
      clock.advance(1000);
      progress.addArrival(PAGE);
    }
    progress.addThrottle();
    clock.advance(19_999);
    expect(log).to.deep.equal([]);
    clock.advance(1);
    expect(log).to.deep.equal([
      'INFO orders: 30,000 records (30 % of about 100,000), 15.0 MB and 2,500 read units so far; 1,000 records/s, 0.5 MB/s and 83.3 read units/s; 1 throttle, 0 retries; about 1 min 10 s left.',
    ]);
  });

  it('goes by the last 30 s for its rates', () => {
    const { monitor, clock, log } = watch();
    const progress = monitor.beginStream('orders');
    progress.addArrival(PAGE);
    clock.advance(60_000);
    expect(log[1]).to.equal(
      'INFO orders: 3,000 records, 1.5 MB and 250 read units so far; 0 records/s, 0 KB/s and 0 read units/s; 0 throttles, 0 retries.',
    );
  });

  it('tells of the shards of a change stream', () => {
    const { monitor, clock, log } = watch();
    monitor.beginStream('orders').watchChanges(() => CHANGES);
    clock.advance(30_000);
    expect(log[0]).to.include(
      '; 1,204 changes from 3 shards, 12 more finished and 1 waiting, read up to 4.2 s ago.',
    );
  });

  it('tells the share of a snapshot while it is read, and none behind it', () => {
    const { monitor, clock, log } = watch();
    const progress = monitor.beginStream('orders');
    progress.setExpected({ records: 10_000 });
    let isInSnapshot = true;
    progress.watchChanges(() => ({ ...CHANGES, changes: 1000, isInSnapshot }));
    progress.addArrival(PAGE);
    clock.advance(30_000);
    isInSnapshot = false;
    clock.advance(30_000);
    progress.setExpected({});
    isInSnapshot = true;
    clock.advance(30_000);
    expect(log[0]).to.include('orders: 3,000 records (20 % of a snapshot of about 10,000), 1.5 MB');
    expect(log[0]).to.match(/; about 2 min 0 s left\.$/);
    expect(log[1]).to.include('orders: 3,000 records, 1.5 MB').and.not.include('left');
    expect(log[2]).to.include('orders: 3,000 records (snapshot being read), 1.5 MB');
  });

  it('tells what a stream waits for, instead of rates of nothing', () => {
    const { monitor, clock, log, terminal } = watch();
    const progress = monitor.beginStream('orders');
    progress.setExpected({ records: 6000 });
    const awaited = 'the export as of 2026-11-26T12:00:00Z';
    const waitMs = 432_000;
    progress.watchWaits(() => ({ awaited, waitMs, totalMs: waitMs }));
    progress.addRetry();
    clock.advance(30_000);
    expect(log).to.deep.equal([
      'INFO orders: waiting for the export as of 2026-11-26T12:00:00Z (7 min 12 s); 0 records so far; 0 throttles, 1 retry.',
    ]);
    expect(terminal.screen[0]).to.equal(
      'orders  waiting for the export as of 2026-11-26T12:00:00Z (7 min 12 s)',
    );
    progress.watchWaits(() => ({ waitMs: 0, totalMs: waitMs }));
    clock.advance(30_000);
    expect(log[1]).to.match(/^INFO orders: 0 records \(0 % of about 6,000\), 0 KB .* records\/s/);
  });

  it('says of a share by read units that it is about that', () => {
    const { monitor, clock, log } = watch();
    const progress = monitor.beginStream('orders');
    progress.setExpected({ readUnits: 1000 });
    progress.addArrival(PAGE);
    clock.advance(30_000);
    expect(log[0]).to.include('3,000 records (about 25 %), 1.5 MB');
  });

  it('is silent about streams that have ended', () => {
    const { monitor, clock, log } = watch();
    monitor.endStream(monitor.beginStream('orders'), 'complete');
    clock.advance(90_000);
    expect(log).to.deep.equal([]);
  });

  it('ends with a table', async () => {
    const { monitor, clock, log } = watch();
    const orders = monitor.beginStream('orders');
    orders.begin();
    clock.advance(1500);
    orders.addArrival(PAGE);
    clock.advance(500);
    orders.noteWritten();
    orders.addThrottle();
    monitor.endStream(orders, 'complete');
    const users = monitor.beginStream('users');
    clock.advance(100);
    users.addRetry();
    monitor.endStream(users, new Error('no'));
    monitor.endStream(monitor.beginStream('carts'), 'stopped');
    await monitor.close();
    expect(log).to.deep.equal([
      'INFO Read 3 streams in 2.1 s: 1 complete, 1 failed, 1 stopped.',
      'INFO stream       records    size  read units  duration  throttles  retries  output wait  outcome',
      'INFO orders         3,000  1.5 MB         250     2.0 s          1        0         25 %  complete',
      'INFO users              0    0 KB           0     0.1 s          0        1          0 %  failed',
      'INFO carts              0    0 KB           0     0.0 s          0        0          0 %  stopped',
      'INFO all streams    3,000  1.5 MB         250     2.1 s          1        1         23 %',
    ]);
  });

  it('adds nothing up for a single stream, and says nothing of none', async () => {
    const single = watch();
    single.monitor.endStream(single.monitor.beginStream('orders'), 'complete');
    await single.monitor.close();
    expect(single.log).to.have.length(3);
    const none = watch();
    await none.monitor.close();
    expect(none.log).to.deep.equal([]);
  });

  it('stops its timers', async () => {
    const { monitor, clock } = watch();
    expect(clock.timerCount).to.equal(2);
    await monitor.close();
    expect(clock.timerCount).to.equal(0);
  });
});

describe('the progress bar of a read', () => {
  it('shows each running stream on a line of its own', () => {
    const { monitor, clock, terminal } = watch();
    const orders = monitor.beginStream('orders');
    orders.setExpected({ records: 6000 });
    monitor.beginStream('users');
    clock.advance(1000);
    orders.addArrival(PAGE);
    clock.advance(1000);
    expect(terminal.screen).to.deep.equal([
      'orders  ━━━━━━━━━━──────────   50 %  3,000 records  2.0 s left  1,500/s  0.8 MB/s  125 read units/s',
      'users  0 records  0/s  0 KB/s  0 read units/s',
    ]);
  });

  it('shows changes, and how far behind they are read', () => {
    const { monitor, clock, terminal } = watch();
    monitor.beginStream('orders').watchChanges(() => CHANGES);
    clock.advance(1000);
    expect(terminal.screen).to.deep.equal([
      'orders  0 records  1,204 changes  4.2 s behind  0/s  0 KB/s  0 read units/s',
    ]);
  });

  it('is drawn five times a second, however many pages come', () => {
    const { monitor, clock, terminal } = watch();
    const orders = monitor.beginStream('orders');
    for (let page = 0; page < 1000; page++) {
      clock.advance(1);
      orders.addArrival(PAGE);
    }
    expect(terminal.written.split('\r')).to.have.length(5);
  });

  it('gives way to warnings and failures, and leaves nothing but them and the table', async () => {
    const { monitor, clock, terminal } = watch();
    const orders = monitor.beginStream('orders');
    clock.advance(1000);
    monitor.logger.warn('orders: trying again with a-secret-of-aws.');
    clock.advance(1000);
    monitor.endStream(orders, new Error('It cannot be read.'));
    clock.advance(1000);
    await monitor.close();
    expect(terminal.screen.slice(0, 3)).to.deep.equal([
      'WARN orders: trying again with ****.',
      'ERROR orders: It cannot be read.',
      'Read 1 stream in 3.0 s: 1 failed.',
    ]);
    expect(terminal.screen).to.have.length(6);
    expect(terminal.screen.at(-1)).to.equal('');
  });

  it('never wraps', () => {
    for (const columns of [10, 20, 30, 50, 80]) {
      const { monitor, clock, terminal } = watch({ stderr: { columns } });
      const progress = monitor.beginStream('a-table-of-a-very-long-name-indeed');
      progress.setExpected({ records: 6000 });
      progress.addArrival(PAGE);
      clock.advance(1000);
      expect(terminal.screen[0]?.length).to.be.within(1, columns - 1);
    }
  });

  it('draws no more lines than the terminal has', () => {
    const { monitor, clock, terminal } = watch({ stderr: { rows: 4 } });
    for (let stream = 0; stream < 10; stream++) monitor.beginStream(`t${stream}`);
    clock.advance(1000);
    expect(terminal.screen).to.have.length(3);
  });

  it('is coloured unless NO_COLOR is set', () => {
    for (const [env, isColored] of [
      [{}, true],
      [{ NO_COLOR: '' }, true],
      [NO_COLOR, false],
    ] as const) {
      const { monitor, clock, terminal } = watch({ env });
      const progress = monitor.beginStream('orders');
      progress.setExpected({ records: 6000 });
      progress.addArrival(PAGE);
      clock.advance(1000);
      expect(terminal.written.includes('\u001B[32m')).to.equal(isColored);
    }
  });

  for (const [where, scene] of Object.entries({
    'where stderr is no terminal': { stderr: PIPE },
    'where records go to the same terminal': { stdout: { isTTY: true } },
    'in continuous integration': { env: { CI: 'true' } },
    'on a dumb terminal': { env: { TERM: 'dumb' } },
  })) {
    it(`is not drawn ${where}`, async () => {
      const { monitor, clock, terminal } = watch(scene);
      const progress = monitor.beginStream('orders');
      clock.advance(60_000);
      monitor.logger.warn('careful');
      monitor.endStream(progress, new Error('no'));
      await monitor.close();
      expect(terminal.written).to.equal('');
    });
  }
});
