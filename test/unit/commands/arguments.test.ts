import { expect } from 'chai';
import { parseArguments, UsageError } from '../../../src/commands/arguments.ts';
import { COMMANDS, describeCommand, OPTIONS, USAGE, USAGES } from '../../../src/commands/usage.ts';

function parse(line: string) {
  return parseArguments(line.split(' ').filter((word) => word !== ''));
}

describe('parsing a command line', () => {
  const valid: readonly (readonly [string, object])[] = [
    ['spec', { command: 'spec', debug: false }],
    ['check --config c.json', { command: 'check', debug: false, config: 'c.json' }],
    ['--config c.json check', { command: 'check', debug: false, config: 'c.json' }],
    ['discover --config=c.txt --debug', { command: 'discover', debug: true, config: 'c.txt' }],
    [
      'read --config c --catalog k --state s',
      { command: 'read', debug: false, config: 'c', catalog: 'k', state: 's' },
    ],
    ['read --config c --catalog k', { command: 'read', debug: false, config: 'c', catalog: 'k' }],
    ['read --config - --catalog k', { command: 'read', debug: false, config: '-', catalog: 'k' }],
    [
      'catalog --config c --sync-mode incremental --streams order*',
      {
        command: 'catalog',
        debug: false,
        config: 'c',
        syncMode: 'incremental',
        streams: 'order*',
      },
    ],
  ];
  for (const [line, parsed] of valid) {
    it(`takes ${line}`, () => {
      expect(parse(line)).to.deep.equal(parsed);
    });
  }

  it('takes paths with blanks and of any ending', () => {
    expect(parseArguments(['check', '--config', '/a b/c d'])).to.include({ config: '/a b/c d' });
  });

  for (const line of ['--help', '-h', '-h --help', 'help', 'help nonsense', '--help nonsense']) {
    it(`answers ${line} with help`, () => {
      expect(parse(line)).to.equal('help');
    });
  }

  for (const line of ['help read', 'read --help', 'read -h', '--help read', 'read --nonsense -h']) {
    it(`answers ${line} with help on read`, () => {
      expect(parse(line)).to.deep.equal({ helpOn: 'read' });
    });
  }

  for (const line of ['--version', 'version', '-v', '-V', '-v -V']) {
    it(`answers ${line} with the version`, () => {
      expect(parse(line)).to.equal('version');
    });
  }

  const invalid: readonly (readonly [string, RegExp])[] = [
    ['', /A command is missing/],
    ['--config c', /A command is missing/],
    ['write --config c', /Unknown command: write/],
    ['Spec', /Unknown command: Spec \(did you mean "spec"\?\)/],
    ['discovr --config c', /Unknown command: discovr \(did you mean "discover"\?\)/],
    ['check --confg c', /Unknown option: --confg \(did you mean --config\?\)/],
    ['toString', /Unknown command: toString/],
    ['check', /check needs --config FILE/],
    ['discover', /discover needs --config FILE/],
    ['read --config c', /read needs --catalog FILE/],
    ['read --catalog k', /read needs --config FILE/],
    ['catalog', /catalog needs --config FILE/],
    ['check --config c extra', /Unexpected argument: extra/],
    ['check --config c --catalog k', /check takes no --catalog/],
    ['discover --config c --state s', /discover takes no --state/],
    ['spec --config c', /spec takes no --config/],
    ['check --config c --nonsense', /--nonsense/],
    ['check -x', /-x/],
    ['check -c x', /^Unknown option: -c$/],
    ['check --config', /^--config needs a value, as in --config FILE\.$/],
    ['check --config --debug', /^--config needs a value/],
    ['check --config c --debug=yes', /--debug takes no value/],
    ['estimate --config c --price-per-million free', /--price-per-million must be a number/],
    ['catalog --config c --sync-mode append', /--sync-mode must be full_refresh or incremental/],
    ['read --config - --catalog -', /Only one file can be standard input/],
    ['read --config c --catalog - --state -', /Only one file can be standard input/],
    ['read --config c --catalog k --state a --state b', /^--state is given twice\.$/],
    ['read --config c --catalog k --state a --state a', /^--state is given twice\.$/],
    ['check --config=c --config d', /^--config is given twice\.$/],
    ['check --config c --debug --debug', /^--debug is given twice\.$/],
    ['catalog --config c --streams a --streams b', /^--streams is given twice\.$/],
  ];
  for (const [line, message] of invalid) {
    it(`refuses ${JSON.stringify(line)}`, () => {
      expect(() => parse(line)).to.throw(UsageError, message);
    });
  }

  it('explains every command', () => {
    for (const command of COMMANDS) expect(USAGE).to.include(`source-dynamodb ${command}`);
  });

  it('explains every option of a command', () => {
    for (const command of COMMANDS) {
      const lines = describeCommand(command).split('\n');
      const { needs, may } = USAGES[command];
      for (const name of [...needs, ...may, 'debug']) {
        const line = lines.find((text) => text.startsWith(`  --${name} `));
        expect(line?.endsWith(`  ${OPTIONS[name]?.meaning ?? ''}`), name).to.equal(true);
      }
    }
  });
});
