import { Ajv } from 'ajv';
import { expect } from 'chai';
import { acceptanceConfig, acceptanceEntries } from '../acceptance/acceptance-config.ts';
import { CATALOG_RULES } from '../acceptance/catalog-rules.ts';
import { ACCEPTANCE_TABLES, startAcceptanceEngine } from '../acceptance/tables.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import type { Engine } from '../support/engine.ts';
import type { CatalogStream } from '../support/messages.ts';
import { writeJson } from '../support/temp-files.ts';

const entries = await acceptanceEntries('discovery');

describe("Airbyte's rules for a catalog", () => {
  let engine: Engine;

  before(async () => {
    engine = await startAcceptanceEngine();
  });
  after(() => engine.stop());

  for (const { config_path } of entries) {
    describe(`of ${config_path}`, () => {
      let run: ConnectorRun;
      let streams: readonly CatalogStream[];

      before(async () => {
        const config = await writeJson(await acceptanceConfig(config_path, engine));
        run = await runConnector(['discover', '--config', config]);
        streams = run.catalog?.streams ?? [];
      });

      it('is one CATALOG message with every table once, and exit code 0', () => {
        const tables = ACCEPTANCE_TABLES.map(({ definition }) => definition.name);
        expect(streams.map(({ name }) => name)).to.have.members(tables);
        expect(run.errors).to.deep.equal([]);
        expect(run.exitCode).to.equal(0);
      });

      it('holds valid schemas of draft 7', () => {
        const ajv = new Ajv({ strict: false });
        for (const { name, json_schema } of streams) {
          expect(ajv.validateSchema(json_schema), `${name}: ${ajv.errorsText()}`).to.equal(true);
        }
      });

      for (const rule of CATALOG_RULES) {
        it(rule.name, () => {
          const problems = streams.flatMap((stream) =>
            rule.find(stream).map((problem) => `${stream.name}: ${problem}`),
          );
          expect(problems).to.deep.equal([]);
        });
      }
    });
  }

  for (const rule of CATALOG_RULES) {
    it(`sees when it does not hold that ${rule.name}`, () => {
      expect(rule.find(rule.broken)).to.not.deep.equal([]);
    });
  }
});
