import { expect } from 'chai';
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import { discover, engineConfig, read, startRead } from './support/source-runs.ts';

// More than were asked at a time when each kept its place until it was answered.
const SHARDS = 80;

describe('shards that other readers crowd', function () {
  this.timeout(120_000);
  let aws: FakeAws;
  before(async () => {
    aws = await startFakeAws();
  });
  after(() => aws.stop());

  it('do not hold up another one', async () => {
    const table = new ChangingTable(aws, { name: 'orders', shards: SHARDS });
    const replication_method = { method: 'Streams', initial_snapshot: 'none' };
    const config = engineConfig(aws, { replication_method });
    const catalog = await discover(config, { syncMode: 'incremental' });
    const first = await read({ config, catalog });
    expect(first.exitCode, first.stderr).to.equal(0);
    const { stream } = table;
    // The one that is asked last.
    const crowded = stream.openShards.slice(0, -1);
    for (const shard of crowded) stream.crowd(shard, Infinity);
    for (let key = 0; key < 20 * SHARDS; key++) table.put(`k${key}`, { v: { N: '1' } });
    const run = await startRead({ config, catalog, state: first.states.slice(-1) });
    await run.waitFor(({ type }) => type === 'RECORD');
    run.kill('SIGTERM');
    const { errors, records } = await run.done.then((done) => ({
      errors: done.errors,
      records: done.records('orders'),
    }));
    expect(errors).to.deep.equal([]);
    expect(records.length).to.be.below(20 * SHARDS);
  });
});
