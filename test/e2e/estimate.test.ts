import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { runConnector } from '../support/connector.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local-engine.ts';
import type { Engine } from '../support/engine.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../support/json.ts';
import { createTable, putItems } from '../support/seed.ts';
import { writeJson } from '../support/temp-files.ts';
import { numberedCatalog, numberedStream, numberedTable } from './support/numbered-table.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const GIB = 1024 ** 3;

/** The estimates of tables by name. */
async function estimate(
  config: JsonObject,
  args: readonly string[] = [],
): Promise<ReadonlyMap<unknown, JsonObject>> {
  const run = await runEstimate(config, ['--json', ...args]);
  expect(run.exitCode, run.stderr).to.equal(0);
  const { tables } = parseJsonObject(run.text);
  const entries = Array.isArray(tables) ? (tables as JsonObject[]) : [];
  return new Map(entries.map((entry) => [entry.table, entry]));
}

async function runEstimate(config: JsonObject, args: readonly string[]): Promise<ConnectorRun> {
  const path = await writeJson(config);
  return runConnector(['estimate', '--config', path, ...args], { stdout: 'text' });
}

function member(object: JsonObject | undefined, name: string): JsonObject {
  const value = object?.[name];
  return isJsonObject(value) ? value : {};
}

/** One way to read a table, of those that its estimate compares. */
function wayOf(table: JsonObject | undefined, name: unknown): JsonObject {
  const ways = Array.isArray(table?.ways) ? (table.ways as JsonObject[]) : [];
  return ways.find(({ way }) => way === name) ?? expect.fail('no such way');
}

/** What the first sync takes as it is configured. */
function configuredSync(table: JsonObject | undefined): JsonObject {
  return member(wayOf(table, table?.configured), 'first_sync');
}

/** Read units that the records of a read cost, as its log says. */
function consumedUnits(run: ConnectorRun): number {
  const lines = run.logs.map(({ message }) => message).join('\n');
  return Number(/for ([\d.,]+) read units/.exec(lines)?.[1]?.replaceAll(',', ''));
}

describe('an estimate', () => {
  let aws: FakeAws;
  before(async () => {
    const large = { itemCount: 1_000_000, tableSizeBytes: GIB };
    const WarmThroughput = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000 };
    aws = await startFakeAws({
      tables: [
        { ...numberedTable('large', 10, 10), ...large, description: { WarmThroughput } },
        { ...numberedTable('new', 10, 10), itemCount: 0, tableSizeBytes: 0 },
        {
          ...{ ...numberedTable('paid', 10, 10), ...large },
          description: { ProvisionedThroughput: { ReadCapacityUnits: 100, WriteCapacityUnits: 1 } },
        },
      ],
    });
  });
  after(() => aws.stop());

  it('gives items, bytes, read units and money of each table', async () => {
    const large = (await estimate(engineConfig(aws))).get('large');
    expect(large).to.deep.include({ items: 1_000_000, bytes: GIB, capacity_mode: 'on-demand' });
    const costs = (name: string) => member(wayOf(large, name), 'first_sync');
    expect(costs('Scan (strong)')).to.deep.include({ read_units: 262_144, cost_usd: 0.032768 });
    expect(costs('Scan (eventual)')).to.deep.include({ read_units: 131_072, cost_usd: 0.016384 });
    expect(costs('Streams')).to.deep.include({ read_units: 262_144, cost_usd: 0.032768 });
    expect(costs('Export')).to.deep.include({ read_units: 0, cost_usd: 0.1 });
    expect(large?.configured).to.equal('Scan (strong)');
    expect(large?.cheapest).to.deep.include({ first_sync: 'Scan (eventual)' });
  });

  it('takes the price, and names an export where that is cheaper', async () => {
    const large = (await estimate(engineConfig(aws), ['--price-per-million', '1'])).get('large');
    expect(member(wayOf(large, 'Scan (eventual)'), 'first_sync').cost_usd).to.equal(0.131072);
    expect(large?.cheapest).to.deep.include({ first_sync: 'Export' });
  });

  const TIMES: readonly (readonly [string, JsonObject, number, string])[] = [
    ['the segments', { segments: 1 }, 55, 'segments'],
    ['the warm throughput', { segments: 64 }, 262_144 / 12_000, 'read capacity'],
    ['the budget', { max_read_capacity_units: 1000 }, 262.144, 'read budget'],
    ['small pages', { page_size: 10, segments: 1 }, 1045, 'segments'],
  ];
  for (const [name, scan, seconds, bottleneck] of TIMES) {
    it(`knows the time by ${name}`, async () => {
      const large = (await estimate(engineConfig(aws, { scan }))).get('large');
      expect(large?.held_up_by).to.equal(bottleneck);
      expect(configuredSync(large).time_seconds).to.be.closeTo(seconds, seconds / 50);
    });
  }

  it('covers only the streams of a catalog', async () => {
    const catalog = await writeJson(numberedCatalog('large'));
    const tables = await estimate(engineConfig(aws), ['--catalog', catalog]);
    expect([...tables.keys()]).to.deep.equal(['large']);
  });

  it('leaves out the streams that it cannot estimate, names them and ends with 1', async () => {
    const names = ['large', 'gone', 'paid', 'new'];
    const catalog = await writeJson({ streams: names.map((name) => numberedStream(name)) });
    const config = engineConfig(aws, { tables: ['large', 'gone', 'new'] });
    const run = await runEstimate(config, ['--json', '--catalog', catalog]);
    expect(run.exitCode).to.equal(1);
    const { tables } = parseJsonObject(run.text);
    expect((tables as JsonObject[]).map(({ table }) => table)).to.deep.equal(['large', 'new']);
    expect(run.stderr).to.match(
      /WARN A stream is missing from the estimate\. The table gone does not exist/,
    );
    expect(run.stderr).to.match(
      /WARN A stream is missing from the estimate\. .*does not select the table paid/,
    );
  });

  it('fails when it can estimate no stream at all', async () => {
    const catalog = await writeJson(numberedCatalog('gone'));
    const config = engineConfig(aws, { tables: ['gone'] });
    const run = await runEstimate(config, ['--catalog', catalog]);
    expect(run.exitCode).to.equal(1);
    expect(run.stderr).to.include('The table gone does not exist');
    expect(run.text).not.to.include('USD');
  });

  it('is a table for people, which says what is not known and what is paid for', async () => {
    const { text, exitCode } = await runEstimate(engineConfig(aws), []);
    expect(exitCode).to.equal(0);
    expect(text).to.match(
      /^large: 1,000,000 items, 1,073\.7 MB, on-demand, limited by read capacity$/m,
    );
    expect(text).to.match(/^\* Scan \(strong\) +262,144 +0\.0328 +/m);
    expect(text).to.match(/^ {2}Scan \(eventual\) +131,072 +0\.0164 +/m);
    expect(text).to.match(/^new: not known$/m);
    expect(text).to.match(/^All, as configured: 2,000,000 items, /m);
    expect(text).to.match(/^Provisioned: paid\. /m);
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    expect(longest).to.be.at.most(100);
  });

  it('reads nothing', () => {
    expect(aws.requestsTo('Scan')).to.deep.equal([]);
  });

  it('refuses a price that is none', async () => {
    const { exitCode, stderr } = await runEstimate(engineConfig(aws), ['--price-per-million', '-']);
    expect(exitCode).to.equal(2);
    expect(stderr).to.include('--price-per-million');
  });
});

const ENGINES = findDynamoDbLocal() === undefined ? [] : [startDynamoDbLocal];

for (const start of ENGINES) {
  describe('an estimate beside the bill of the read, by DynamoDB Local', () => {
    let engine: Engine;
    before(async () => {
      engine = await start();
      await createTable(engine, { name: 'bill', partitionKey: { name: 'pk', type: 'S' } });
      const items = Array.from({ length: 3000 }, (_, n) => ({
        pk: { S: `item-${n}` },
        text: { S: 'x'.repeat((n * 37) % 2000) },
        list: { L: [{ N: '1' }, { BOOL: true }, { M: { a: { S: 'b' } } }] },
      }));
      await putItems(engine, 'bill', items);
    });
    after(() => engine.stop());

    for (const consistent of [true, false]) {
      it(`differs by 5 % at most for ${consistent ? 'strong' : 'eventual'} reads`, async () => {
        const config = engineConfig(engine, { scan: { consistent_read: consistent } });
        const units = configuredSync((await estimate(config)).get('bill'));
        const run = await read({ config, catalog: await discover(config) });
        const consumed = consumedUnits(run);
        expect(consumed).to.be.greaterThan(100);
        expect(Number(units.read_units) / consumed).to.be.within(0.95, 1.05);
      });
    }
  });
}
