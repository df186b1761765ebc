import { expect } from 'chai';
import { runConnector } from '../support/connector.ts';

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
  [['check', '--config', 'c.json', 'extra'], /Unexpected argument: extra/],
  [['check', '--config', 'c.json', '--state', 's.json'], /check takes no --state/],
  [['spec', '--config', 'c.json'], /spec takes no --config/],
  [['read', '--config', '-', '--catalog', '-'], /Only one file can be standard input/],
  [['catalog', '--config', 'c.json', '--sync-mode', 'cdc'], /--sync-mode/],
];

describe('a command line that cannot be understood', () => {
  for (const [args, says] of CASES) {
    it(`is answered with the usage and exit code 2: ${args.join(' ') || '(nothing)'}`, async () => {
      const run = await runConnector(args);
      expect(run.exitCode).to.equal(2);
      expect(run.lines, 'stdout is for messages').to.deep.equal([]);
      expect(run.stderr).to.match(says);
      expect(run.stderr).to.include('Usage:').and.to.include('source-dynamodb read');
    });
  }
});

describe('help and version', () => {
  for (const args of [['--help'], ['-h'], ['read', '--help']]) {
    it(`${args.join(' ')} is the usage on stdout and exit code 0`, async () => {
      const run = await runConnector(args, { stdout: 'text' });
      expect(run.exitCode).to.equal(0);
      expect(run.text).to.include('Usage:');
    });
  }

  it('--version is a version and exit code 0', async () => {
    const run = await runConnector(['--version'], { stdout: 'text' });
    expect(run.exitCode).to.equal(0);
    expect(run.text).to.match(/^\d+\.\d+\.\d+$/);
  });
});
