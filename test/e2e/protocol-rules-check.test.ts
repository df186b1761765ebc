import { expect } from 'chai';
import { acceptanceConfig, acceptanceEntries } from '../acceptance/acceptance-config.ts';
import { startAcceptanceEngine } from '../acceptance/tables.ts';
import { runConnector } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import { writeJson } from '../support/temp-files.ts';

/** A check of an endpoint that does not answer ends within a minute. */
const CHECK_TIMEOUT_MS = 60_000;

const entries = await acceptanceEntries('connection');

describe("Airbyte's rules for a check", () => {
  let engine: Engine;

  before(async () => {
    engine = await startAcceptanceEngine();
  });
  after(() => engine.stop());

  for (const { config_path, status } of entries) {
    const expected = status === 'failed' ? 'FAILED' : 'SUCCEEDED';
    it(`is one status ${expected} and exit code 0 for ${config_path}`, async () => {
      const config = await writeJson(await acceptanceConfig(config_path, engine));
      const run = await runConnector(['check', '--config', config]);
      expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal(expected);
      expect(run.exitCode).to.equal(0);
      expect(run.errors).to.deep.equal([]);
    }).timeout(CHECK_TIMEOUT_MS);
  }

  it('tells the user why it failed', async () => {
    const config = await acceptanceConfig('integration_tests/invalid_table.json', engine);
    const run = await runConnector(['check', '--config', await writeJson(config)]);
    expect(run.connectionStatus?.message).to.include('acceptance-no-such-table');
  });
});
