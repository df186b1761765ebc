import { expect } from 'chai';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { ConnectorRun } from '../support/connector.ts';
import type { JsonObject } from '../support/json.ts';
import { dataOf } from './support/expect-record.ts';
import { engineConfig, read } from './support/source-runs.ts';

const ITEMS: readonly string[] = [
  '{"pk":{"S":"1"},"n":{"N":"1"},"extra":{"S":"x"},"__proto__":{"BOOL":true}}',
  '{"pk":{"S":"2"},"n":{"N":"1.5"},"extra":{"S":"y"}}',
  '{"pk":{"S":"3"},"n":{"S":"three"},"extra":{"N":"7"}}',
  '{"pk":{"S":"4"},"n":{"N":"12345678901234567890"},"nested":{"M":{"a":{"L":[{"S":"]}"}]}}}}',
  '{"pk":{"S":"5"},"extra":{"S":"z"},"n":{"NULL":true}}',
  '{"pk":{"S":"6"}}',
];

const PROPERTIES: JsonObject = { pk: { type: 'string' }, n: { type: ['integer', 'null'] } };

describe('attributes that the configured catalog does not list', () => {
  let aws: FakeAws;

  before(async () => {
    const partitionKey = { name: 'pk', type: 'S' } as const;
    aws = await startFakeAws({ tables: [{ name: 't', partitionKey, items: ITEMS, pageSize: 2 }] });
  });
  after(() => aws.stop());

  async function readWith(properties: JsonObject, options: JsonObject): Promise<ConnectorRun> {
    const json_schema = { type: 'object', properties };
    const catalog = {
      streams: [{ stream: { name: 't', json_schema }, sync_mode: 'full_refresh' }],
    };
    const config = engineConfig(aws, { scan: { segments: 1 }, ...options });
    const run = await read({ config, catalog });
    expect(run.exitCode, run.text).to.equal(0);
    return run;
  }

  function namesOf(run: ConnectorRun): readonly (readonly string[])[] {
    return run.recordLines.map((line) => Object.keys(dataOf(line)));
  }

  it('are left out, counted by type and named in one warning', async () => {
    const run = await readWith(PROPERTIES, {});
    expect(namesOf(run)).to.deep.equal([
      ...[['pk', 'n'], ['pk', 'n'], ['pk', 'n'], ['pk', 'n'], ['pk', 'n'], ['pk']],
    ]);
    const [unlisted, ...others] = run.warnings.filter((text) => text.includes('left out'));
    expect(others).to.deep.equal([]);
    expect(unlisted).to.include('3 attributes are not in the configured catalog');
    expect(unlisted).to.include('"extra" (3 S, 1 N)');
    expect(unlisted).to.include('"__proto__" (1 BOOL)');
    expect(unlisted).to.include('"nested" (1 M)');
  });

  it('are passed on when they are to be emitted, and named as well', async () => {
    const run = await readWith(PROPERTIES, { unlisted_attributes: 'emit' });
    expect(namesOf(run)[0]).to.deep.equal(['pk', 'n', 'extra', '__proto__']);
    expect(namesOf(run)[3]).to.deep.equal(['pk', 'n', 'nested']);
    const [unlisted] = run.warnings.filter((text) => text.includes('emitted anyway'));
    expect(unlisted).to.include('"extra" (3 S, 1 N)');
  });

  it('of listed names and other types are emitted as they are, counted and named', async () => {
    const run = await readWith(PROPERTIES, {});
    const values = run.records('t').map(({ n }) => n);
    expect(values.slice(0, 3)).to.deep.equal([1, 1.5, 'three']);
    const [mistyped, ...others] = run.warnings.filter((text) => text.includes('of types that'));
    expect(others).to.deep.equal([]);
    expect(mistyped).to.include('"n" (1 S, 1 N beyond a 64-bit integer, 1 N with a fraction)');
  });

  it('are none under a schema without properties', async () => {
    const run = await readWith({}, {});
    expect(namesOf(run)[0]).to.deep.equal(['pk', 'n', 'extra', '__proto__']);
    expect(run.warnings).to.deep.equal([]);
  });

  it('leave records empty when the user kept none of those that come', async () => {
    const run = await readWith({ gone: { type: 'string' } }, {});
    expect(namesOf(run)).to.deep.equal(ITEMS.map(() => []));
  });

  it('are not counted in packed records, which hold them all', async () => {
    const properties = { pk: { type: 'string' }, data: { type: 'object' } };
    const run = await readWith(properties, { record_format: 'packed' });
    expect(run.warnings).to.deep.equal([]);
    expect(namesOf(run)).to.deep.equal(ITEMS.map(() => ['pk', 'data']));
  });

  it('in packed records are the columns that the user left out', async () => {
    const noData = await readWith({ pk: { type: 'string' } }, { record_format: 'packed' });
    expect(namesOf(noData)).to.deep.equal(ITEMS.map(() => ['pk']));
    const noKey = await readWith({ data: { type: 'object' } }, { record_format: 'packed' });
    expect(namesOf(noKey)).to.deep.equal(ITEMS.map(() => ['data']));
  });
});
