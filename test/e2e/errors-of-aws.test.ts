import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { AWS_FAILURES, secretsOf } from './support/aws-failures.ts';
import {
  expectFailedCheck,
  expectFailedCommand,
  expectFailedStream,
  expectNoSecrets,
} from './support/expect-failure.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

for (const { name, arrange, options, env, readSays, ...expected } of AWS_FAILURES) {
  describe(`${name} is a message to the user`, () => {
    let aws: FakeAws;
    let configuration: JsonObject;

    before(async () => {
      aws = await startFakeAws({ tables: [numberedTable('orders', 10, 10)] });
      arrange?.(aws);
      configuration = engineConfig(aws, options?.(aws));
    });
    after(() => aws.stop());

    it('of check', async () => {
      const run = await runCommand('check', configuration, { env: env ?? {} });
      expectFailedCheck(run, expected);
      expectNoSecrets(run, secretsOf(configuration));
    });

    it('of discover', async () => {
      const run = await runCommand('discover', configuration, { env: env ?? {} });
      expectFailedCommand(run, expected);
      expectNoSecrets(run, secretsOf(configuration));
    });

    it('of read', async () => {
      const input = { config: configuration, catalog: numberedCatalog('orders') };
      const run = await read(input, { env: env ?? {} });
      expectFailedStream(run, 'orders', { ...expected, says: readSays ?? expected.says });
      expectNoSecrets(run, secretsOf(configuration));
    });
  });
}
