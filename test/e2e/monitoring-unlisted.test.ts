import { expect } from 'chai';
import type { ConnectorRun } from '../support/connector.ts';
import { awsError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { engineConfig, read, startRead } from './support/source-runs.ts';

const ITEM_COUNT = 60;
const PAGE_SIZE = 5;
const STRING = { type: ['string', 'null'] };

describe('what the catalog does not list', () => {
  let aws: FakeAws;

  afterEach(() => aws.stop());

  /** Serves a table `t` whose item `i` is made of a key and these attributes. */
  async function serve(attributes: (i: number) => JsonObject): Promise<void> {
    const items = Array.from({ length: ITEM_COUNT }, (_, i) =>
      JSON.stringify({ pk: { S: `i${i}` }, ...attributes(i) }),
    );
    const partitionKey = { name: 'pk', type: 'S' } as const;
    aws = await startFakeAws({ tables: [{ name: 't', items, partitionKey, pageSize: PAGE_SIZE }] });
  }

  function input(properties: JsonObject, options: JsonObject = {}) {
    const json_schema = { type: 'object', properties: { pk: { type: 'string' }, ...properties } };
    const stream = { name: 't', json_schema, supported_sync_modes: ['full_refresh'] };
    return {
      config: engineConfig(aws, options),
      catalog: { streams: [{ stream, sync_mode: 'full_refresh' }] },
    };
  }

  it('is not mentioned when there is nothing', async () => {
    await serve(() => ({ name: { S: 'x' } }));
    expect((await read(input({ name: STRING }))).warnings).to.deep.equal([]);
  });

  it('is counted by attribute and type, the most frequent first', async () => {
    await serve((i) => ({
      rare: i === 0 ? { BOOL: true } : { NULL: true },
      ...(i < 10 && { few: { M: {} } }),
      mixed: i % 3 === 0 ? { S: 'x' } : { N: '1' },
    }));
    const { warnings } = await read(input({ rare: { type: 'null' } }));
    expect(warnings).to.deep.equal([
      't: 2 attributes are not in the configured catalog and were left out: "mixed" (20 S, 40 N), "few" (10 M). To have them in the catalog, refresh the source\'s schema.',
      't: 1 attribute has values of types that the configured catalog does not list; they were emitted as they are: "rare" (1 BOOL). To have the types in the catalog, refresh the source\'s schema.',
    ]);
  });

  it('is said to be emitted when it is', async () => {
    await serve(() => ({ extra: { S: 'x' } }));
    const run = await read(input({}, { unlisted_attributes: 'emit' }));
    expect(run.warnings).to.deep.equal([
      't: 1 attribute is not in the configured catalog and was emitted anyway: "extra" (60 S). To have it in the catalog, refresh the source\'s schema.',
    ]);
    expect(run.records('t')[0]).to.have.property('extra', 'x');
  });

  it('is named up to fifty names, and long ones are shortened', async () => {
    await serve((i) => ({ [`${String(i).padStart(2, '0')}${'n'.repeat(200)}`]: { S: 'x' } }));
    const [warning = ''] = (await read(input({}))).warnings;
    expect(warning).to.match(/^t: 60 attributes are not .* and 10 more\. To have them/);
    expect(warning.match(/"\d\dn{98}…" \(1 S\)/g)).to.have.length(50);
  });

  it('is reported by a read that fails on the way', async () => {
    await serve(() => ({ extra: { S: 'x' } }));
    failAfterPages(3);
    const run = await read(input({}));
    expect(run.exitCode).to.equal(1);
    expectReported(run);
  });

  it('is reported by a read that is told to stop', async () => {
    await serve(() => ({ extra: { S: 'x' } }));
    const scan = aws.handler('Scan');
    let pages = 0;
    const running = await startRead(input({}, { scan: { segments: 1 } }));
    aws.on('Scan', async (request, details) => {
      if (++pages === 3) {
        running.kill('SIGTERM');
        // The page comes when the connector has long stopped to wait for it.
        await running.done;
      }
      return scan(request, details);
    });
    const run = await running.done;
    expect(run.signal).to.equal('SIGTERM');
    expectReported(run);
  });

  function failAfterPages(count: number): void {
    const scan = aws.handler('Scan');
    let pages = 0;
    aws.on('Scan', (request, details) =>
      ++pages > count ? awsError('AccessDeniedException', 'no more') : scan(request, details),
    );
  }

  /** Whether the warning counts every record of the run, of which there must be some. */
  function expectReported(run: ConnectorRun): void {
    const count = run.recordCount('t');
    expect(count).to.be.within(1, ITEM_COUNT - 1);
    expect(run.warnings).to.deep.equal([
      `t: 1 attribute is not in the configured catalog and was left out: "extra" (${count} S). To have it in the catalog, refresh the source's schema.`,
    ]);
  }
});
