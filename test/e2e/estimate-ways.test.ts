import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../support/json.ts';
import { writeJson } from '../support/temp-files.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig } from './support/source-runs.ts';

const GIB = 1024 ** 3;
const SYNCS = 730;

const INFREQUENT_ACCESS = { TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' } };

function withStream(table: string, StreamViewType: string): JsonObject {
  return {
    LatestStreamArn: `arn:aws:dynamodb:us-east-1:123456789012:table/${table}/stream/2026-11-26`,
    StreamSpecification: { StreamEnabled: true, StreamViewType },
  };
}

function sizedTable(name: string, gib: number, description: JsonObject = {}) {
  const size = { itemCount: gib * 1_000_000, tableSizeBytes: gib * GIB };
  return { ...numberedTable(name, 1, 1), ...size, description };
}

describe('an estimate of the ways to read a table', () => {
  let aws: FakeAws;
  before(async () => {
    const indexes = [
      { IndexName: 'by-date', ItemCount: 1000, IndexSizeBytes: 8192, KeySchema: [] },
    ];
    aws = await startFakeAws({
      tables: [
        sizedTable('plain', 10),
        sizedTable('streamed', 10, withStream('streamed', 'NEW_AND_OLD_IMAGES')),
        sizedTable('keys-only', 10, withStream('keys-only', 'KEYS_ONLY')),
        sizedTable('seldom', 10, INFREQUENT_ACCESS),
        { ...sizedTable('tiny', 0), itemCount: 500, tableSizeBytes: 20_000 },
        sizedTable('busy', 100),
        sizedTable('indexed', 10, { GlobalSecondaryIndexes: indexes }),
      ],
    });
  });
  after(() => aws.stop());

  async function compare(table: string, more: JsonObject = {}, args: readonly string[] = []) {
    const config = await writeJson(engineConfig(aws, { tables: [table], ...more }));
    const command = ['estimate', '--json', '--config', config, ...args];
    const run = await runConnector(command, { stdout: 'text' });
    expect(run.exitCode, run.stderr).to.equal(0);
    const report = parseJsonObject(run.text);
    const [estimate] = report.tables as JsonObject[];
    const ways = new Map((estimate?.ways as JsonObject[]).map((way) => [way.way, way]));
    return { report, estimate, ways };
  }

  async function describeText(table: string, more: JsonObject = {}): Promise<string> {
    const config = await writeJson(engineConfig(aws, { tables: [table], ...more }));
    const { text } = await runConnector(['estimate', '--config', config], { stdout: 'text' });
    return text;
  }

  function cost(way: JsonObject | undefined, sync: string): unknown {
    const member = way?.[sync];
    return isJsonObject(member) ? member.cost_usd : undefined;
  }

  it('names those that cost least, and what is possible now', async () => {
    const streamed = await compare('streamed');
    expect(streamed.estimate?.cheapest).to.deep.equal({
      first_sync: 'Scan (eventual)',
      later_syncs: 'Streams',
      later_syncs_now: 'Streams',
    });
    const plain = await compare('plain');
    expect(plain.estimate?.cheapest).to.deep.equal({
      first_sync: 'Scan (eventual)',
      later_syncs: 'Streams',
      later_syncs_now: 'Scan (eventual)',
    });
    const tiny = await compare('tiny');
    // An export would save a ten-thousandth of a cent.
    expect(tiny.estimate?.cheapest).to.deep.equal({
      first_sync: 'Scan (eventual)',
      later_syncs: 'Scan (eventual)',
      later_syncs_now: 'Scan (eventual)',
    });
  });

  it('says what a table lacks for them', async () => {
    for (const table of ['plain', 'keys-only']) {
      const { ways } = await compare(table);
      expect(ways.get('Streams')?.needs).to.equal('change stream');
      expect(ways.get('Export')?.needs).to.equal('recovery');
      expect(ways.get('Scan (strong)')?.needs).to.equal(null);
      expect(await describeText(table)).to.match(
        /later ones by Streams,\s+once there is a change stream,\s+until then by Scan \(eventual\)\./,
      );
    }
    const { ways } = await compare('streamed');
    expect(ways.get('Streams')?.needs).to.equal(null);
    expect(await describeText('streamed')).to.include('later ones by Streams.');
  });

  it('counts later scans as whole scans', async () => {
    const { ways } = await compare('plain');
    const scan = ways.get('Scan (eventual)');
    // 10 GiB of 8 KiB a unit.
    const once = (1_310_720 / 1_000_000) * 0.125;
    expect(cost(scan, 'later_sync')).to.be.closeTo(once, 1e-9);
    expect(scan?.later_syncs_usd_per_month).to.be.closeTo(once * SYNCS, 1e-6);
  });

  it('counts the calls to the shards of a change stream', async () => {
    const { ways } = await compare('busy');
    // 10 shards of 10 GiB, 10 calls each; 100 million items, 1 % a day: 42 answers of 1,000 an hour, but 86 of 1 MiB.
    const calls = 10 * 10 + Math.ceil(((100 * 1024) / 100 / 24) * 2);
    const once = (calls / 100_000) * 0.02;
    expect(cost(ways.get('Streams'), 'later_sync')).to.be.closeTo(once, 1e-9);
    expect(ways.get('Streams')?.later_syncs_usd_per_month).to.be.closeTo(once * SYNCS, 1e-6);
  });

  it('counts at least 10 MB for an incremental export, and the recovery beside it', async () => {
    const { ways } = await compare('plain');
    const least = (10 / 1024) * 0.1;
    expect(cost(ways.get('Export'), 'later_sync')).to.be.closeTo(least, 1e-9);
    expect(ways.get('Export')?.standing_usd_per_month).to.be.closeTo(10 * 0.2, 1e-9);
    expect(ways.get('Export')?.later_syncs_usd_per_month).to.be.closeTo(SYNCS * least + 2, 1e-6);
    const busy = (await compare('busy')).ways.get('Export');
    expect(cost(busy, 'later_sync')).to.be.closeTo((100 / 100 / 24) * 0.1, 1e-9);
  });

  it('takes the price of the class of the table, unless one is given', async () => {
    const seldom = await compare('seldom');
    expect(seldom.estimate).to.deep.include({
      table_class: 'standard-infrequent-access',
      price_per_million_read_units: 0.155,
    });
    expect(cost(seldom.ways.get('Scan (strong)'), 'first_sync')).to.be.closeTo(0.4063232, 1e-9);
    expect(await describeText('seldom')).to.match(/^seldom: .* on-demand, infrequent access, /m);
    const plain = await compare('plain');
    expect(plain.estimate).to.deep.include({ table_class: 'standard' });
    expect(cost(plain.ways.get('Scan (strong)'), 'first_sync')).to.be.closeTo(0.32768, 1e-9);
    const given = await compare('seldom', {}, ['--price-per-million', '2']);
    expect(cost(given.ways.get('Scan (strong)'), 'first_sync')).to.be.closeTo(5.24288, 1e-9);
  });

  it('is of an index alone where one is scanned, and says why', async () => {
    const more = { table_options: [{ table: 'indexed', index_name: 'by-date' }] };
    const { estimate, ways } = await compare('indexed', more);
    expect(estimate).to.deep.include({ index: 'by-date', bytes: 8192 });
    expect([...ways.keys()]).to.deep.equal(['Scan (eventual)']);
    expect(await describeText('indexed', more)).to.match(
      /Other\s+ways\s+do\s+not\s+know\s+"index_name"\./,
    );
  });

  it('marks the way that is configured', async () => {
    const streams = { replication_method: { method: 'Streams' } };
    expect(await describeText('streamed', streams)).to.match(/^\* Streams +2,621,440 /m);
    expect(await describeText('plain', streams)).to.match(/^\* Scan \(strong\) /m);
    const eventual = { scan: { consistent_read: false } };
    expect(await describeText('plain', eventual)).to.match(/^\* Scan \(eventual\) /m);
    const none = { replication_method: { method: 'Streams', initial_snapshot: 'none' } };
    expect(await describeText('streamed', none)).to.match(/^\* Streams +0 /m);
  });

  it('says what it assumes, to people and to programs', async () => {
    const text = (await describeText('plain')).replaceAll('\n', ' ');
    expect(text).to.include('Assumed, since AWS does not tell: 1 % of the items change in a day.');
    expect(text).to.include('"later" are syncs every hour, 730 a month');
    const { report } = await compare('plain');
    expect(report.assumptions).to.deep.include({
      syncs_per_month: 730,
      changed_share_per_day: 0.01,
    });
  });

  it('asks for nothing but descriptions', () => {
    const operations = new Set(aws.requests.map(({ operation }) => operation));
    expect([...operations]).to.deep.equal(['DescribeTable']);
  });
});
