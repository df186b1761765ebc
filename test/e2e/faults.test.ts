import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { atRandom, startFaultProxy, type Fault } from '../support/fault-proxy.ts';
import { mapInParallel } from './support/map-in-parallel.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

const ITEM_COUNT = 800;
const PAGE_SIZE = 20;
const SEEDS = Number(process.env.FAULT_SEEDS ?? 24);
const FIRST_SEED = Number(process.env.FIRST_FAULT_SEED ?? 1);
const RUNS_AT_A_TIME = 4;
const FAULT_SHARE = 0.25;
const TIMEOUT_MS = 120_000 + SEEDS * 5_000;

const FAULTS: readonly Fault[] = [
  ...([{ kind: 'reset' }, { kind: 'reset-in-body' }, { kind: 'half-close' }] as const),
  ...([{ kind: 'truncate' }, { kind: 'corrupt' }, { kind: 'delay', ms: 100 }] as const),
  { kind: 'server-error', status: 500, format: 'json' },
  { kind: 'server-error', status: 503, format: 'json' },
  { kind: 'server-error', status: 500, format: 'html' },
  { kind: 'server-error', status: 503, format: 'html' },
  { kind: 'throttle', name: 'ThrottlingException' },
  {
    kind: 'throttle',
    name: 'ProvisionedThroughputExceededException',
    reasons: [{ reason: 'TableReadProvisionedThroughputExceeded', resource: 'arn' }],
  },
];

describe('a network and a service with faults', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', ITEM_COUNT, PAGE_SIZE)] });
  });
  after(() => aws.stop());

  it(`does not keep a read from bringing each item once, with ${SEEDS} seeds`, async () => {
    const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);
    const counts = await mapInParallel(seeds, RUNS_AT_A_TIME, readThroughFaults);
    const kinds = new Set(counts.flatMap((byKind) => [...byKind.keys()]));
    expect(kinds, 'every kind of fault was met').to.include.members(FAULTS.map(({ kind }) => kind));
  }).timeout(TIMEOUT_MS);

  async function readThroughFaults(seed: number) {
    const proxy = await startFaultProxy(aws, { seed, choose: atRandom(FAULT_SHARE, FAULTS) });
    const config = engineConfig(proxy, { checkpoint_target_interval_seconds: 0 });
    const run = await read({ config, catalog: numberedCatalog('t') });
    expect(run.exitCode, `seed ${seed}: ${run.text.slice(-2000)}`).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT), `seed ${seed}`).to.equal(true);
    expect(run.errors).to.deep.equal([]);
    expect(proxy.upstreamFailures).to.deep.equal([]);
    await proxy.stop();
    return proxy.counts;
  }

  it('does not keep check and discover from working', async () => {
    const choose = atRandom(FAULT_SHARE, FAULTS);
    await mapInParallel([101, 102, 103], RUNS_AT_A_TIME, async (seed) => {
      const proxy = await startFaultProxy(aws, { seed, choose });
      const check = await runCommand('check', engineConfig(proxy));
      const discovered = await runCommand('discover', engineConfig(proxy));
      expect(check.connectionStatus?.status, check.text).to.equal('SUCCEEDED');
      expect(discovered.catalog?.streams.map(({ name }) => name)).to.deep.equal(['t']);
      await proxy.stop();
    });
  }).timeout(TIMEOUT_MS);
});
