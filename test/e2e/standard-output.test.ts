import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConnector } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { makeTempDirectory, writeJson, writeText } from '../support/temp-files.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { engineConfig } from './support/source-runs.ts';

describe('Node’s own stream of standard output, which would make a pipe non-blocking,', () => {
  let aws: FakeAws;
  let config: string;
  let catalog: string;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', 100, 100)] });
    config = await writeJson(engineConfig(aws));
    catalog = await writeJson(numberedCatalog('t'));
  });
  after(() => aws.stop());

  /** Where it was first looked at, as a stack trace; undefined when it was not. */
  async function traceUse(args: readonly string[]): Promise<string | undefined> {
    const report = join(makeTempDirectory(), 'trace');
    const hook = await writeText(
      `const { get } = Object.getOwnPropertyDescriptor(process, 'stdout');
      Object.defineProperty(process, 'stdout', {
        configurable: true,
        enumerable: true,
        get() {
          require('node:fs').writeFileSync(${JSON.stringify(report)}, new Error('Used').stack);
          return get.call(this);
        },
      });`,
      '.cjs',
    );
    const run = await runConnector(args, { env: { NODE_OPTIONS: `--require ${hook}` } });
    expect(run.exitCode).to.equal(0);
    expect(run.connectionStatus?.status).to.be.oneOf([undefined, 'SUCCEEDED']);
    return existsSync(report) ? readFileSync(report, 'utf8') : undefined;
  }

  const commands = {
    spec: () => [],
    check: () => ['--config', config],
    discover: () => ['--config', config],
    read: () => ['--config', config, '--catalog', catalog],
  };
  for (const [command, options] of Object.entries(commands)) {
    it(`is not made by ${command}`, async () => {
      expect(await traceUse([command, ...options()])).to.equal(undefined);
    });
  }
});
