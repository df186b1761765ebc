import { parseArgs } from 'node:util';

/** The commands, as the command line names them. */
export const COMMANDS = ['spec', 'check', 'discover', 'read', 'estimate', 'catalog'] as const;
/** The name of one of them. */
export type CommandName = (typeof COMMANDS)[number];

/** The command line, parsed. Files are paths, or `-` for standard input. */
export interface Arguments {
  readonly command: CommandName;
  readonly debug: boolean;
  readonly config?: string;
  readonly catalog?: string;
  readonly state?: string;
  readonly syncMode?: string;
  readonly streams?: string;
  readonly json?: boolean;
  /** US dollars for a million read units. */
  readonly pricePerMillion?: number;
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How the command line is written, for people. */
export const USAGE = `Usage:
  source-dynamodb spec
  source-dynamodb check    --config FILE
  source-dynamodb discover --config FILE
  source-dynamodb read     --config FILE --catalog FILE [--state FILE]
  source-dynamodb estimate --config FILE [--catalog FILE] [--json] [--price-per-million USD]
  source-dynamodb catalog  --config FILE [--sync-mode full_refresh|incremental] [--streams GLOB]

FILE may be - for standard input. --debug also logs details, --version prints the version.
spec, check, discover and read write Airbyte protocol messages to standard output.
estimate writes what a read will cost: items, bytes, read units, money and time.
catalog writes a configured catalog of every stream, ready for read.
`;

const OPTIONS = {
  config: { type: 'string' },
  catalog: { type: 'string' },
  state: { type: 'string' },
  'sync-mode': { type: 'string' },
  streams: { type: 'string' },
  json: { type: 'boolean' },
  'price-per-million': { type: 'string' },
  debug: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** The options that each command needs, and those that it takes besides. */
const TAKES: Readonly<Record<CommandName, { needs: readonly string[]; may: readonly string[] }>> = {
  spec: { needs: [], may: [] },
  check: { needs: ['config'], may: [] },
  discover: { needs: ['config'], may: [] },
  read: { needs: ['config', 'catalog'], may: ['state'] },
  estimate: { needs: ['config'], may: ['catalog', 'json', 'price-per-million'] },
  catalog: { needs: ['config'], may: ['sync-mode', 'streams'] },
};

/**
 * Parses a command line without the program's name.
 *
 * @throws UsageError with a sentence on what is wrong.
 */
export function parseArguments(argv: readonly string[]): Arguments | 'help' | 'version' {
  const { values, positionals } = parseOptions(argv);
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  const [name, ...others] = positionals;
  const command = COMMANDS.find((candidate) => candidate === name);
  if (command === undefined) {
    throw new UsageError(name === undefined ? 'A command is missing.' : `Unknown command: ${name}`);
  }
  if (others[0] !== undefined) throw new UsageError(`Unexpected argument: ${others[0]}`);
  checkOptions(command, values);
  return {
    command,
    debug: values.debug,
    ...(values.config !== undefined && { config: values.config }),
    ...(values.catalog !== undefined && { catalog: values.catalog }),
    ...(values.state !== undefined && { state: values.state }),
    ...(values['sync-mode'] !== undefined && { syncMode: values['sync-mode'] }),
    ...(values.streams !== undefined && { streams: values.streams }),
    ...(values.json !== undefined && { json: values.json }),
    ...(values['price-per-million'] !== undefined && {
      pricePerMillion: Number(values['price-per-million']),
    }),
  };
}

type Values = ReturnType<typeof parseOptions>['values'];

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function checkOptions(command: CommandName, values: Values): void {
  const given = Object.keys(values).filter((name) => name !== 'debug');
  const { needs, may } = TAKES[command];
  const missing = needs.find((name) => !given.includes(name));
  if (missing !== undefined) throw new UsageError(`${command} needs --${missing} FILE.`);
  const unknown = given.find((name) => !needs.includes(name) && !may.includes(name));
  if (unknown !== undefined) throw new UsageError(`${command} takes no --${unknown}.`);
  const mode = values['sync-mode'];
  if (mode !== undefined && mode !== 'full_refresh' && mode !== 'incremental') {
    throw new UsageError('--sync-mode must be full_refresh or incremental.');
  }
  const price = values['price-per-million'];
  if (price !== undefined && !/^\d+(\.\d+)?$/.test(price)) {
    throw new UsageError('--price-per-million must be a number of US dollars, like 0.125.');
  }
  const files = [values.config, values.catalog, values.state];
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('Only one file can be standard input.');
  }
}
