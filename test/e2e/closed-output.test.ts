import { expect } from 'chai';
import { once } from 'node:events';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { writeJson } from '../support/temp-files.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { spawnConnector, untilExit } from './support/raw-process.ts';
import { engineConfig } from './support/source-runs.ts';
import { withoutSdkWarning } from './support/stderr-text.ts';

/** What a shell reports for a process that SIGPIPE ends. */
const EXIT_SIGPIPE = 141;

describe('a reader of the output that goes away', () => {
  let aws: FakeAws;
  let config: string;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', 50_000, 100)] });
    config = await writeJson(engineConfig(aws));
  });
  after(() => aws.stop());

  it('ends a read quietly, as `| head -1` does', async () => {
    const catalog = await writeJson(numberedCatalog('t'));
    const child = spawnConnector(['read', '--config', config, '--catalog', catalog]);
    const stderr = child.stderr.setEncoding('utf8').toArray();
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await untilExit(child)).to.deep.equal({ exitCode: EXIT_SIGPIPE, signal: null });
    expect(withoutSdkWarning((await stderr).join(''))).to.equal('');
    expect(aws.requestsTo('Scan').length, 'it stops asking').to.be.below(500);
  });

  for (const args of [['spec'], ['check'], ['discover'], ['catalog']]) {
    it(`ends ${args.join(' ')} quietly when nobody reads from the start`, async () => {
      const options = args[0] === 'spec' ? [] : ['--config', config];
      const child = spawnConnector([...args, ...options]);
      const stderr = child.stderr.setEncoding('utf8').toArray();
      child.stdout.destroy();
      const { exitCode } = await untilExit(child);
      expect(exitCode).to.be.oneOf([0, EXIT_SIGPIPE]);
      expect(withoutSdkWarning((await stderr).join(''))).to.equal('');
    });
  }
});
