import { READ_PRICES_PER_MILLION } from '../strategies/prices.ts';

/** The commands, as the command line names them. */
export const COMMANDS = ['spec', 'check', 'discover', 'read', 'estimate', 'catalog'] as const;
/** The name of one of them. */
export type CommandName = (typeof COMMANDS)[number];

/** An option of the command line. */
export interface Option {
  /** What follows it, like `FILE`; undefined for a switch. */
  readonly value?: string;
  /** What it means, for people. */
  readonly meaning: string;
}

/** What a command is for, the options that it needs and those that it also accepts. */
export interface CommandUsage {
  readonly purpose: string;
  readonly needs: readonly string[];
  readonly may: readonly string[];
}

const CONFIG_FILE = 'the config in JSON; "spec" and docs/configuration.md say what it may contain';

/** Every option, by its name. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  config: { value: 'FILE', meaning: CONFIG_FILE },
  catalog: {
    value: 'FILE',
    meaning: 'the streams to read, as "catalog" writes them; for estimate, every table by default',
  },
  state: {
    value: 'FILE',
    meaning: 'where to continue: states that a read wrote, or its whole output; need not exist yet',
  },
  'sync-mode': {
    value: 'MODE',
    meaning: 'full_refresh (the default) or incremental, for every stream',
  },
  cursor: {
    value: 'NAME',
    meaning: 'the column by which streams that have it find what is new; a.b is member b of a',
  },
  streams: {
    value: 'GLOB',
    meaning: 'only streams whose whole name matches, with * and ? as wildcards; all by default',
  },
  json: { meaning: 'the figures as JSON, for programs' },
  'price-per-million': {
    value: 'USD',
    meaning: `what a million read units cost, in US dollars; by default ${READ_PRICES_PER_MILLION.standard}, or ${READ_PRICES_PER_MILLION.infrequentAccess} for tables of infrequent access`,
  },
  debug: { meaning: 'also log details' },
  help: { meaning: 'show this' },
  version: { meaning: 'print the version' },
};

/** Each command's usage. */
export const USAGES: Readonly<Record<CommandName, CommandUsage>> = {
  spec: {
    purpose: 'Writes what can be configured, as an Airbyte protocol message.',
    ...{ needs: [], may: [] },
  },
  check: {
    purpose: 'Says whether the config works, by trying what a read will do.',
    ...{ needs: ['config'], may: [] },
  },
  discover: {
    purpose:
      'Writes the catalog of the tables: an Airbyte protocol message, or a table on a terminal.',
    ...{ needs: ['config'], may: [] },
  },
  read: {
    purpose:
      'Writes the records and states of every configured stream as Airbyte protocol messages.',
    ...{ needs: ['config', 'catalog'], may: ['state'] },
  },
  estimate: {
    purpose:
      'Compares what reads will cost, in money and time, by scans, change streams and exports.',
    ...{ needs: ['config'], may: ['catalog', 'json', 'price-per-million'] },
  },
  catalog: {
    purpose: 'Writes a configured catalog of every stream, ready for read.',
    ...{ needs: ['config'], may: ['sync-mode', 'cursor', 'streams'] },
  },
};

const GLOBAL_OPTIONS = ['debug', 'help'];

/** How the command line is written, for people. */
export const USAGE = `Usage:
${COMMANDS.map((command) => `  ${writeLine(command)}`).join('\n')}

${COMMANDS.map((command) => `${command.padEnd(8)}  ${USAGES[command].purpose}`).join('\n')}

FILE may be - for standard input. --debug also logs details; --version prints the version.
"source-dynamodb help COMMAND" says what the options of a command mean.
`;

/** What a command does and what each of its options means. */
export function describeCommand(command: CommandName): string {
  const { purpose, needs, may } = USAGES[command];
  const options = [...needs, ...may, ...GLOBAL_OPTIONS];
  const width = Math.max(...options.map((name) => write(name).length));
  const lines = options.map(
    (name) => `  ${write(name).padEnd(width)}  ${OPTIONS[name]?.meaning ?? ''}`,
  );
  const remark = needs.length > 0 ? '\nFILE may be - for standard input.\n' : '';
  return `Usage: ${writeLine(command)}\n\n${purpose}\n\n${lines.join('\n')}\n${remark}`;
}

function writeLine(command: CommandName): string {
  const { needs, may } = USAGES[command];
  return ['source-dynamodb', command, ...needs.map(write), ...may.map((name) => `[${write(name)}]`)]
    .join(' ')
    .trim();
}

function write(name: string): string {
  const value = OPTIONS[name]?.value;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
