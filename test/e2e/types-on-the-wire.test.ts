import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { parseJsonObject, type JsonObject } from '../support/json.ts';
import { decodeMembers, parseKeepingNumbers } from '../support/reference-decoding.ts';
import { dataOf, expectRecord, requireText } from './support/expect-record.ts';
import { oddItems } from './support/odd-items.ts';
import { discover, engineConfig, read } from './support/source-runs.ts';

const ITEMS = oddItems();
const TABLE = 'odd';
/** A stream whose schema takes every attribute. */
const CATALOG = {
  streams: [
    { stream: { name: TABLE, json_schema: { type: 'object' } }, sync_mode: 'full_refresh' },
  ],
};

describe('odd items, served to the byte', () => {
  let aws: FakeAws;

  before(async () => {
    aws = await startFakeAws({
      tables: [
        { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, items: ITEMS, pageSize: 2 },
        {
          name: 'proto',
          partitionKey: { name: '__proto__', type: 'S' },
          sortKey: { name: 'a "key"\n', type: 'N' },
          items: Array.from(
            { length: 9 },
            (_, n) => `{"__proto__":{"S":"p${n}]\\"\\ud83d\\ude00"},"a \\"key\\"\\n":{"N":"${n}"}}`,
          ),
          pageSize: 2,
        },
      ],
    });
  });
  after(() => aws.stop());

  async function readOdd(options: JsonObject): Promise<ConnectorRun> {
    const run = await read({ config: engineConfig(aws, options), catalog: CATALOG });
    expect(run.errors).to.deep.equal([]);
    expect(run.exitCode).to.equal(0);
    return run;
  }

  for (const nested of ['json', 'string'] as const) {
    for (const numbers of ['number', 'string'] as const) {
      it(`become records with nested values as ${nested} and numbers as ${numbers}`, async () => {
        const run = await readOdd({ nested_values: nested, number_values: numbers });
        const byKey = recordsByKey(run);
        expect(byKey.size).to.equal(ITEMS.length);
        for (const text of ITEMS) {
          const item = parseJsonObject(text);
          expectRecord(dataOf(byKey.get(keyOf(item)) ?? ''), item, { nested, numbers });
        }
      });
    }

    it(`become packed records with data as ${nested}`, async () => {
      const run = await readOdd({ record_format: 'packed', nested_values: nested });
      const byKey = recordsByKey(run);
      for (const text of ITEMS) {
        const item = parseJsonObject(text);
        const record = dataOf(byKey.get(keyOf(item)) ?? '');
        expect(Object.keys(record)).to.deep.equal(['pk', 'data']);
        expect(record.pk).to.equal(keyOf(item));
        const data =
          nested === 'json' ? record.data : parseKeepingNumbers(requireText(record.data));
        expect(data).to.deep.equal(decodeMembers(item));
      }
    });
  }

  it('are all listed by a discovered catalog, so that a read warns of none', async () => {
    const config = engineConfig(aws, { tables: [TABLE] });
    const run = await read({ config, catalog: await discover(config) });
    expect(run.errors).to.deep.equal([]);
    expect(run.warnings).to.deep.equal([]);
    for (const text of ITEMS) {
      const item = parseJsonObject(text);
      expectRecord(dataOf(recordsByKey(run).get(keyOf(item)) ?? ''), item);
    }
  });

  it('resume from start keys of odd names and values', async () => {
    const config = engineConfig(aws, {
      ...{ tables: ['proto'], scan: { segments: 2 }, checkpoint_target_interval_seconds: 0 },
    });
    const catalog = await discover(config);
    const whole = await read({ config, catalog });
    const keys = whole.recordLines.map((line) => dataOf(line)['a "key"\n']);
    expect(new Set(keys).size, whole.text).to.equal(9);
    const states = whole.statesOf('proto').slice(0, -1);
    expect(states.length).to.be.at.least(4);
    for (const [index, state] of states.entries()) {
      const covered = states
        .slice(0, index + 1)
        .reduce((sum, { sourceStats }) => sum + (sourceStats?.recordCount ?? 0), 0);
      const rest = await read({ config, catalog, state: [state] });
      expect(rest.exitCode, rest.text).to.equal(0);
      const restKeys = rest.recordLines.map((line) => dataOf(line)['a "key"\n']);
      expect(restKeys).to.have.members(keys.slice(covered));
    }
  });
});

function recordsByKey(run: ConnectorRun): ReadonlyMap<string, string> {
  return new Map(run.recordLines.map((line) => [requireText(dataOf(line).pk), line]));
}

function keyOf(item: JsonObject): string {
  return requireText((item.pk as JsonObject).S);
}
