import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { AWS_FAILURES, secretsOf } from './support/aws-failures.ts';
import {
  expectFailedCheck,
  expectFailedCommand,
  expectFailedStream,
  expectNoSecrets,
} from './support/expect-failure.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig, read, runCommand } from './support/source-runs.ts';

describe('check, discover and read tell the user of', () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('orders', 10, 10)] });
  });
  afterEach(() => aws.stop());

  for (const { name, arrange, options, env = {}, readSays, ...expected } of AWS_FAILURES) {
    it(name, async () => {
      arrange?.(aws);
      const config = engineConfig(aws, options?.(aws));
      const [check, discovery, reading] = await Promise.all([
        runCommand('check', config, { env }),
        runCommand('discover', config, { env }),
        read({ config, catalog: numberedCatalog('orders') }, { env }),
      ]);
      expectFailedCheck(check, expected);
      expectFailedCommand(discovery, expected);
      expectFailedStream(reading, 'orders', { ...expected, says: readSays ?? expected.says });
      for (const run of [check, discovery, reading]) expectNoSecrets(run, secretsOf(config));
    });
  }
});
