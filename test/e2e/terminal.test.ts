import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTOR_PATH, connectorEnvironment } from '../support/connector.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { makeTempDirectory, writeJson, writeText } from '../support/temp-files.ts';
import { numberedCatalog, numberedTable } from './support/numbered-table.ts';
import { runOnTerminal } from './support/run-on-terminal.ts';
import { engineConfig } from './support/source-runs.ts';

const SENTENCE = 'is not JSON (line 1, column 2: the text ends too early). Correct it there.';

describe('on a terminal', () => {
  let aws: FakeAws;
  let config: string;
  let catalog: string;
  let broken: string;

  before(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', 40_000, 100)] });
    config = await writeJson(engineConfig(aws));
    catalog = await writeJson(numberedCatalog('t'));
    broken = await writeText('{');
  });
  after(() => aws.stop());

  it('discover shows a person the streams', async () => {
    const { exitCode, shown } = await runOnTerminal(`CONNECTOR discover --config ${config}`);
    expect(exitCode).to.equal(0);
    expect(shown).to.match(/^stream +columns +sync modes +primary key$/m);
    expect(shown).to.match(/^t +\d+ +full_refresh, incremental +pk$/m);
    expect(shown).not.to.include('"type"');
  });

  for (const command of ['discover', 'catalog', 'estimate']) {
    it(`${command} says a plain sentence, and no message`, async () => {
      const { exitCode, shown } = await runOnTerminal(`CONNECTOR ${command} --config ${broken}`);
      expect(exitCode).to.equal(1);
      expect(shown).to.equal(`The config file ${broken} ${SENTENCE}\n`);
    });
  }

  for (const [command, code] of [
    ['check', 0],
    ['discover', 1],
    ['catalog', 1],
    ['estimate', 1],
    ['read --catalog catalog.json', 1],
  ] as const) {
    it(`${command} says a plain sentence when its output goes elsewhere`, async () => {
      const output = join(makeTempDirectory(), 'out.jsonl');
      const { exitCode, shown } = await runOnTerminal(
        `CONNECTOR ${command.replace('catalog.json', catalog)} --config ${broken} > ${output}`,
      );
      expect(exitCode).to.equal(code);
      expect(shown).to.equal(`The config file ${broken} ${SENTENCE}\n`);
      expect(readFileSync(output, 'utf8')).to.include('is not JSON');
    });
  }

  it('a read that Ctrl-C ends says how to go on', async () => {
    const output = join(makeTempDirectory(), 'out.jsonl');
    const read = `read --config ${config} --catalog ${catalog}`;
    // `wait` would not be interrupted, so the signal is sent when the first record is there.
    const { shown } = await runOnTerminal(
      `CONNECTOR ${read} > ${output} & until grep -q RECORD ${output}; do :; done; kill -INT $!; wait $!`,
    );
    expect(shown).to.include(
      `To continue: source-dynamodb ${read} --state FILE, where FILE holds the output of this read.`,
    );
  });

  it('quotes what a shell would take apart', async () => {
    const directory = join(makeTempDirectory(), "it's here");
    mkdirSync(directory);
    const [output, path] = [join(directory, 'out.jsonl'), join(directory, 'config.json')];
    copyFileSync(config, path);
    const { shown } = await runOnTerminal(
      `CONNECTOR read --config "${path}" --catalog ${catalog} > "${output}" & until grep -q RECORD "${output}"; do :; done; kill -INT $!; wait $!`,
    );
    expect(shown).to.include(
      `--config '${path.replace("'", `'\\''`)}' --catalog ${catalog} --state FILE`,
    );
  });

  it('a read that nohup started outlives a hangup', async () => {
    const directory = makeTempDirectory();
    const [output, pid] = [join(directory, 'out.jsonl'), join(directory, 'pid')];
    const read = `CONNECTOR read --config ${config} --catalog ${catalog}`;
    const { exitCode } = await runOnTerminal(
      `(until grep -q RECORD ${output}; do :; done; kill -HUP $(cat ${pid})) 2>/dev/null & ` +
        `nohup sh -c 'echo $$ > ${pid}; exec ${read} > ${output}' > /dev/null`,
    );
    expect(exitCode).to.equal(0);
    expect(readFileSync(output, 'utf8')).to.include('"status":"COMPLETE"');
  });
});

const CLOSED_OUTPUT =
  'Standard output is closed, or is /dev/null opened for reading and writing, which looks the same, so nothing that is written would arrive. Send the output to a file or a pipe, or open /dev/null for writing only.\n';

describe('a standard output that is closed', () => {
  const withConfig = ['check', 'discover', 'read --catalog k.json', 'catalog', 'estimate'];
  for (const command of ['spec', ...withConfig.map((name) => `${name} --config c.json`)]) {
    it(`is no success of ${command}`, async () => {
      const line = `exec ${process.execPath} ${CONNECTOR_PATH} ${command} >&-`;
      const child = spawn('/bin/sh', ['-c', line], {
        env: connectorEnvironment(),
        stdio: ['ignore', 'inherit', 'pipe'],
      });
      const stderr = child.stderr.setEncoding('utf8').toArray();
      const [exitCode] = (await once(child, 'close')) as [number | null];
      expect(exitCode).to.equal(1);
      expect((await stderr).join('')).to.equal(CLOSED_OUTPUT);
    });
  }

  /** Runs a command with /dev/null, opened so, as standard output. */
  async function runIntoNothing(flags: string, args: readonly string[]) {
    const nowhere = openSync('/dev/null', flags);
    const child = spawn(process.execPath, [CONNECTOR_PATH, ...args], {
      env: connectorEnvironment(),
      stdio: ['ignore', nowhere, 'pipe'],
    });
    const stderr = child.stderr?.setEncoding('utf8').toArray();
    const [exitCode] = (await once(child, 'close')) as [number | null];
    closeSync(nowhere);
    return { exitCode, stderr: (await stderr)?.join('') };
  }

  for (const args of [['spec'], ['check', '--config', 'c.json'], ['--version']]) {
    it(`is not one that is sent to /dev/null: ${args.join(' ')}`, async () => {
      expect(await runIntoNothing('w', args)).to.deep.equal({ exitCode: 0, stderr: '' });
    });
  }

  it('is not to be told from /dev/null opened for reading and writing', async () => {
    const closed = { exitCode: 1, stderr: CLOSED_OUTPUT };
    expect(await runIntoNothing('r+', ['spec'])).to.deep.equal(closed);
    const asked = await runIntoNothing('r+', ['--version']);
    expect(asked, 'often run to see whether a program is there').to.deep.equal({
      exitCode: 0,
      stderr: '',
    });
  });
});
