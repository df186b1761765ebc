import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { runConnector } from '../support/connector.ts';
import { writeText } from '../support/temp-files.ts';

const CASES: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /A command is missing/],
  [['write'], /Unknown command: write/],
  [['check'], /check needs --config/],
  [['discover'], /discover needs --config/],
  [['catalog'], /catalog needs --config/],
  [['read', '--config', 'c.json'], /read needs --catalog/],
  [['read', '--catalog', 'c.json'], /read needs --config/],
  [['check', '--config', 'c.json', '--verbose'], /--verbose/],
  [['check', '--config'], /--config/],
  [['-c', 'c.json'], /^Unknown option: -c$/m],
  [['check', '--config', 'c.json', 'extra'], /Unexpected argument: extra/],
  [['check', '--config', 'c.json', '--state', 's.json'], /check takes no --state/],
  [['spec', '--config', 'c.json'], /spec takes no --config/],
  [['read', '--config', '-', '--catalog', '-'], /Only one file can be standard input/],
  [['catalog', '--config', 'c.json', '--sync-mode', 'cdc'], /--sync-mode/],
  [['check', '--config', 'c.json', '--config', 'd.json'], /--config is given twice/],
];

describe('a command line that cannot be understood', () => {
  for (const [args, says] of CASES) {
    it(`is answered with a line, a hint and exit code 2: ${args.join(' ') || '(nothing)'}`, async () => {
      const run = await runConnector(args);
      expect(run.exitCode).to.equal(2);
      expect(run.lines, 'stdout is for messages').to.deep.equal([]);
      expect(run.stderr).to.match(says);
      const [, hint, ...more] = run.stderr.trimEnd().split('\n');
      expect(hint).to.match(/^See: source-dynamodb (\w+ )?--help$/);
      expect(more).to.deep.equal([]);
    });
  }
});

describe('help and version', () => {
  for (const args of [['--help'], ['-h'], ['help'], ['read', '--help'], ['help', 'read']]) {
    it(`${args.join(' ')} is the usage on stdout and exit code 0`, async () => {
      const run = await runConnector(args, { stdout: 'text' });
      expect(run.exitCode).to.equal(0);
      expect(run.text).to.include('Usage:');
    });
  }

  it('help on a command says what its options mean', async () => {
    const run = await runConnector(['catalog', '--help'], { stdout: 'text' });
    expect(run.text).to.match(/--sync-mode MODE +full_refresh \(the default\) or incremental/);
    expect(run.text).not.to.include('--state');
  });

  for (const word of ['--version', 'version', '-V', '-v']) {
    it(`${word} is a version and exit code 0`, async () => {
      const run = await runConnector([word], { stdout: 'text' });
      expect(run.exitCode).to.equal(0);
      expect(run.text).to.match(/^\d+\.\d+\.\d+$/);
    });
  }
});

describe('a Node that is too old', () => {
  /** A Node that says that it is of this version, and whether anything but main.ts was loaded. */
  async function runOn(version: string, args: readonly string[]) {
    const hook = await writeText(
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
      '.cjs',
    );
    return runConnector(args, { env: { NODE_OPTIONS: `--require ${hook}` }, stdout: 'text' });
  }

  for (const args of [['spec'], ['check', '--config', 'c.json'], ['--version'], []]) {
    it(`is one sentence and exit code 1 for ${args.join(' ') || 'nothing'}`, async () => {
      const run = await runOn('18.20.8', args);
      expect(run.exitCode).to.equal(1);
      expect(run.text).to.equal('');
      expect(run.stderr).to.equal('source-dynamodb needs Node 20.15 or newer; this is 18.20.8.\n');
    });
  }

  it('is one below the oldest that package.json names', async () => {
    const file = new URL('../../../package.json', import.meta.url);
    const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } };
    const [major = 0, minor = 0] = engines.node.replace('>=', '').split('.').map(Number);
    expect((await runOn(`${major}.${minor - 1}.9`, ['--version'])).exitCode).to.equal(1);
    expect((await runOn(`${major}.${minor}.0`, ['--version'])).exitCode).to.equal(0);
  });
});
