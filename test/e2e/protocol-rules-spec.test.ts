import { Ajv } from 'ajv';
import { expect } from 'chai';
import {
  acceptanceConfig,
  acceptanceEntries,
  readProjectFile,
  type AcceptanceEntry,
} from '../acceptance/acceptance-config.ts';
import { SPEC_RULES } from '../acceptance/spec-rules.ts';
import { runConnector, type ConnectorRun } from '../support/connector.ts';
import type { JsonObject } from '../support/json.ts';

const ENGINE_OF_NO_USE = { endpoint: 'http://127.0.0.1:1' };
const entries: readonly AcceptanceEntry[] = await acceptanceEntries('spec');

describe("Airbyte's rules for a spec", () => {
  let run: ConnectorRun;
  let specification: JsonObject;

  before(async () => {
    run = await runConnector(['spec']);
    specification = run.spec?.connectionSpecification ?? {};
  });

  it('is one SPEC message, and exit code 0', () => {
    expect(run.messages.map((message) => message.type)).to.deep.equal(['SPEC']);
    expect(run.exitCode).to.equal(0);
  });

  it('is what the spec_path of each entry holds', async () => {
    for (const { spec_path = '' } of entries) {
      expect(run.spec).to.deep.equal(JSON.parse(await readProjectFile(spec_path)));
    }
  });

  it('is a valid schema of draft 7', () => {
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(specification), ajv.errorsText()).to.equal(true);
  });

  it('says where its documentation is', () => {
    expect(run.spec?.documentationUrl).to.match(/^https:\/\//);
  });

  for (const { config_path } of entries) {
    it(`takes ${config_path}`, async () => {
      const validate = new Ajv({ strict: false, allErrors: true }).compile(specification);
      const config = await acceptanceConfig(config_path, ENGINE_OF_NO_USE);
      expect(validate(config), JSON.stringify(validate.errors)).to.equal(true);
    });
  }

  for (const rule of SPEC_RULES) {
    it(rule.name, () => {
      expect(rule.find(specification)).to.deep.equal([]);
      const broken = { type: 'object', properties: { broken: rule.broken } };
      expect(rule.find(broken), 'the rule does not see what breaks it').to.not.deep.equal([]);
    });
  }
});
