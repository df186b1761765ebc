import { expect } from 'chai';
import { acceptanceConfig, acceptanceEntries } from '../acceptance/acceptance-config.ts';
import { startAcceptanceEngine } from '../acceptance/tables.ts';
import { configuredCatalog, type ConfiguredCatalog } from '../support/configure-catalog.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import type { JsonObject } from '../support/json.ts';
import type { CatalogPayload } from '../support/messages.ts';
import { writeJson } from '../support/temp-files.ts';

/** A check of an endpoint that does not answer ends within a minute. */
const CHECK_TIMEOUT_MS = 60_000;
const UNKNOWN_STREAM = {
  name: '__AIRBYTE__stream_that_does_not_exist',
  json_schema: { type: 'object', properties: { f1: { type: 'string' } } },
  supported_sync_modes: ['full_refresh' as const],
};

const entries = await acceptanceEntries('connection');

describe("Airbyte's rules for what goes wrong", () => {
  let engine: Engine;
  let config: string;
  let discovered: CatalogPayload;

  before(async () => {
    engine = await startAcceptanceEngine();
    config = await writeJson(await acceptanceConfig('integration_tests/config.json', engine));
    const { catalog } = await runConnector(['discover', '--config', config]);
    discovered = catalog ?? { streams: [] };
  });
  after(() => engine.stop());

  async function read(catalog: ConfiguredCatalog | JsonObject): Promise<ConnectorRun> {
    return runConnector(['read', '--config', config, '--catalog', await writeJson(catalog)]);
  }

  it('ends a read of an unknown sync mode with a config error', async () => {
    const catalog = configuredCatalog(discovered, { streams: ['customers'] });
    const streams = catalog.streams.map((stream) => ({ ...stream, sync_mode: 'INVALID' }));
    const run = await runConnector([
      ...['read', '--config', config],
      ...['--catalog', await writeJson({ streams })],
    ]);
    expect(run.errors.map((error) => error.failure_type)).to.deep.equal(['config_error']);
    expect(run.exitCode).to.not.equal(0);
    expect(run.recordStreams).to.deep.equal([]);
  });

  it('fails a stream that does not exist and reads the others', async () => {
    const run = await read(configuredCatalog({ streams: [UNKNOWN_STREAM, ...discovered.streams] }));
    expect(run.exitCode).to.not.equal(0);
    expect(run.statuses(UNKNOWN_STREAM.name).at(-1)).to.equal('INCOMPLETE');
    expect(run.errors.map((error) => error.stream_descriptor?.name)).to.deep.equal([
      UNKNOWN_STREAM.name,
    ]);
    for (const { name } of discovered.streams) {
      expect(run.statuses(name).at(-1), name).to.equal('COMPLETE');
    }
  });

  it('takes a catalog with every absent member spelled out as null', async () => {
    const catalog = configuredCatalog(discovered, { syncMode: 'incremental' });
    const streams = catalog.streams.map(({ stream, ...choice }) => ({
      stream: { ...stream, namespace: null, default_cursor_field: null, is_file_based: null },
      cursor_field: null,
      primary_key: null,
      generation_id: null,
      minimum_generation_id: null,
      sync_id: null,
      ...choice,
    }));
    const path = await writeJson({ streams });
    const run = await runConnector(['read', '--config', config, '--catalog', path]);
    expect(run.errors).to.deep.equal([]);
    expect(run.exitCode).to.equal(0);
  });

  for (const { config_path, status } of entries) {
    it(`keeps the secrets of ${config_path} out of all it writes`, async () => {
      const secretive = await acceptanceConfig(config_path, engine);
      const path = await writeJson(secretive);
      const catalog = await writeJson(configuredCatalog(discovered, { streams: ['customers'] }));
      // All but check are patient with an endpoint that does not answer, for longer than a test should last.
      const patient = status === 'failed' ? [] : [['discover'], ['read', '--catalog', catalog]];
      for (const args of [['check'], ...patient]) {
        const run = await runConnector([...args, '--config', path, '--debug']);
        const written = run.text + run.stderr;
        expect(written).to.not.equal('');
        for (const secret of secretsOf(secretive)) expect(written).to.not.include(secret);
      }
    }).timeout(CHECK_TIMEOUT_MS);
  }
});

function secretsOf({ credentials }: JsonObject): string[] {
  const { access_key_id: id, secret_access_key: secret } = credentials as JsonObject;
  return [id, secret].filter((value) => typeof value === 'string');
}
