import { expect } from 'chai';
import { acceptanceConfig, acceptanceEntries } from '../acceptance/acceptance-config.ts';
import { startAcceptanceEngine } from '../acceptance/tables.ts';
import { configuredCatalog } from '../support/configure-catalog.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import type { StatePayload } from '../support/messages.ts';
import { writeJson } from '../support/temp-files.ts';

/** A table of several pages in each segment. */
const TABLE = 'orders';
/** Some twenty short runs of the connector. */
const EVERY_STATE_TIMEOUT_MS = 120_000;
const entries = await acceptanceEntries('full_refresh');

describe("Airbyte's rules for reads that follow each other", () => {
  let engine: Engine;
  let config: string;
  let catalog: string;
  let tableOnly: string;
  let first: ConnectorRun;

  before(async () => {
    engine = await startAcceptanceEngine();
    config = await writeJson(
      await acceptanceConfig('integration_tests/config_small_pages.json', engine),
    );
    const { streams = [] } = (await runConnector(['discover', '--config', config])).catalog ?? {};
    catalog = await writeJson(configuredCatalog({ streams }));
    tableOnly = await writeJson(configuredCatalog({ streams }, { streams: [TABLE] }));
    first = await read();
  });
  after(() => engine.stop());

  async function read(
    states: readonly StatePayload[] = [],
    streams = catalog,
  ): Promise<ConnectorRun> {
    const state = await writeJson(states);
    return runConnector(['read', '--config', config, '--catalog', streams, '--state', state]);
  }

  it('reads from every intermediate state what the states before it did not count', async () => {
    const states = first.statesOf(TABLE);
    const all = keysOf(first);
    expect(states.length, 'pages of four items make many states').to.be.greaterThan(10);
    let counted = 0;
    for (const state of states.slice(0, -1)) {
      counted += state.sourceStats?.recordCount ?? 0;
      const rest = await read([state], tableOnly);
      expect(rest.exitCode).to.equal(0);
      expect(keysOf(rest)).to.have.members(all.slice(counted));
    }
  }).timeout(EVERY_STATE_TIMEOUT_MS);

  it('reads nothing from the last states under full refresh, and completes with a state', async () => {
    const again = await read(first.states);
    expect(again.exitCode).to.equal(0);
    expect(again.recordStreams).to.deep.equal([]);
    for (const name of new Set(first.states.map((state) => state.stream.stream_descriptor.name))) {
      expect(again.statuses(name), name).to.deep.equal(['STARTED', 'RUNNING', 'COMPLETE']);
      expect(again.statesOf(name).map((state) => state.sourceStats?.recordCount)).to.deep.equal([
        0,
      ]);
    }
  });

  it('resumes one stream while it reads the others from the start', async () => {
    const states = first.statesOf(TABLE);
    const resumed = await read(states.slice(0, states.length / 2));
    expect(resumed.recordCount(TABLE)).to.be.within(1, first.recordCount(TABLE) - 1);
    expect(resumed.recordCount('customers')).to.equal(first.recordCount('customers'));
  });

  it('takes states with every absent member spelled out as null', async () => {
    const spelledOut = first.states.map((state) => ({
      ...state,
      global: null,
      data: null,
      destinationStats: null,
      stream: {
        ...state.stream,
        stream_descriptor: { ...state.stream.stream_descriptor, namespace: null },
      },
    }));
    const state = await writeJson(spelledOut);
    const args = ['read', '--config', config, '--catalog', catalog, '--state', state];
    const run = await runConnector(args);
    expect(run.exitCode).to.equal(0);
    expect(run.recordStreams).to.deep.equal([]);
  });
});

describe("Airbyte's rules for a second full refresh", () => {
  let engine: Engine;

  before(async () => {
    engine = await startAcceptanceEngine();
  });
  after(() => engine.stop());

  for (const { config_path } of entries) {
    it(`contains the first, stamped later, for ${config_path}`, async () => {
      const config = await writeJson(await acceptanceConfig(config_path, engine));
      const { streams = [] } = (await runConnector(['discover', '--config', config])).catalog ?? {};
      const catalog = await writeJson(configuredCatalog({ streams }));
      const args = ['read', '--config', config, '--catalog', catalog];
      const first = await runConnector(args);
      const second = await runConnector(args);
      for (const { name } of streams) {
        expect(texts(second, name), name).to.include.members(texts(first, name));
      }
      expect(Math.min(...stamps(second))).to.be.greaterThan(Math.max(...stamps(first)));
    });
  }
});

function keysOf(run: ConnectorRun): string[] {
  return run
    .records(TABLE)
    .map(({ customer_id, order_number }) => JSON.stringify([customer_id, order_number]));
}

function texts(run: ConnectorRun, stream: string): string[] {
  return run.records(stream).map((record) => JSON.stringify(record));
}

function stamps(run: ConnectorRun): number[] {
  return run.messages.flatMap((message) =>
    message.type === 'RECORD' ? [message.record.emitted_at] : [],
  );
}
