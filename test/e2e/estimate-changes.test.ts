import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { ChangingTable } from '../support/fake-streams/changing-table.ts';
import type { JsonObject } from '../support/json.ts';
import { writeJson } from '../support/temp-files.ts';
import { engineConfig } from './support/source-runs.ts';

// What AWS charges for GetRecords, hourly syncs a month, and what one asks an idle shard: see npm run bench -- --idle.
const USD_PER_CALL = 0.02 / 100_000;
const SYNCS = 730;
const CALLS = 10;

describe('an estimate of change capture', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws();
    new ChangingTable(aws, { name: 'orders', items: { a: { v: { N: '1' } } } });
  });
  after(() => aws.stop());

  async function estimate(options: JsonObject = {}): Promise<string> {
    const replication = { replication_method: { method: 'Streams', ...options } };
    const path = await writeJson(engineConfig(aws, replication));
    const run = await runConnector(['estimate', '--config', path], { stdout: 'text' });
    expect(run.exitCode, run.stderr).to.equal(0);
    return run.stderr + run.text;
  }

  it('tells the snapshot, and what following an idle shard costs a month', async () => {
    const text = await estimate();
    expect(text).to.include('The first sync of a table scans it in full');
    expect(text).to.not.include('of a full refresh');
    const [, requests = ''] = /about ([\d,]+) requests a month for each shard/.exec(text) ?? [];
    expect(Number(requests.replaceAll(',', ''))).to.equal(SYNCS * CALLS);
    const [, usd] = /costs ([\d.]+) USD a shard beyond the 2\.5 million/.exec(text) ?? [];
    expect(Number(usd)).to.be.closeTo(SYNCS * CALLS * USD_PER_CALL, 0.0001);
  });

  it('promises no snapshot where there is none', async () => {
    const text = await estimate({ initial_snapshot: 'none' });
    expect(text).to.include('orders: the figures in the table are those of a full refresh');
    expect(text).to.not.include('The first sync of a table scans it in full');
  });
});
