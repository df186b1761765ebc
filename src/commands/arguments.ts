import { parseArgs } from 'node:util';
import { findNearest } from '../config/validation/edit-distance.ts';
import { type CommandName, COMMANDS, OPTIONS, USAGES } from './usage.ts';

/** The command line, parsed. Files are paths, or `-` for standard input. */
export interface Arguments {
  readonly command: CommandName;
  readonly debug: boolean;
  readonly config?: string;
  readonly catalog?: string;
  readonly state?: string;
  readonly syncMode?: string;
  /** The name of an attribute, or a path with dots. */
  readonly cursor?: string;
  readonly streams?: string;
  readonly json?: boolean;
  /** US dollars for a million read units. */
  readonly pricePerMillion?: number;
}

/** What a person asks about instead of running a command. */
export type Question = 'help' | 'version' | { readonly helpOn: CommandName };

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command that it is about, if that is known. */
  readonly command: CommandName | undefined;

  constructor(message: string, command?: CommandName) {
    super(message);
    this.command = command;
  }
}

/** The given options: text, or true for a switch. */
type Values = ReadonlyMap<string, string | true>;

const FILE_OPTIONS = ['config', 'catalog', 'state'];
const VERSION_LETTERS = ['-v', '-V'];

/**
 * Parses a command line without the program's name.
 *
 * @throws UsageError with a sentence that says what is wrong.
 */
export function parseArguments(argv: readonly string[]): Arguments | Question {
  const { values, positionals, unknown, repeated } = readWords(argv);
  const [first, second] = positionals;
  const asksForHelp = first === 'help' || values.has('help');
  const name = first === 'help' ? second : first;
  const command = COMMANDS.find((candidate) => candidate === name);
  if (asksForHelp) return command === undefined ? 'help' : { helpOn: command };
  if (first === 'version' || values.has('version')) return 'version';
  if (unknown !== undefined) throw createOptionError(unknown, command);
  if (repeated !== undefined) throw new UsageError(`--${repeated} is given twice.`, command);
  if (command === undefined) {
    throw new UsageError(
      name === undefined ? 'A command is missing.' : `Unknown command: ${name}${suggest(name)}`,
    );
  }
  if (second !== undefined) throw new UsageError(`Unexpected argument: ${second}`, command);
  checkOptions(command, values);
  return toArguments(command, values);
}

interface Words {
  readonly values: Values;
  readonly positionals: readonly string[];
  /** The first option that does not exist. */
  readonly unknown: string | undefined;
  /** The first option that is repeated: nobody can tell which of two files is meant. */
  readonly repeated: string | undefined;
}

/** Splits the command line into words. Node's own errors are for programmers, so the words are checked here. */
function readWords(argv: readonly string[]): Words {
  const options = Object.entries(OPTIONS).map(([name, { value }]) => [
    name,
    { type: value === undefined ? 'boolean' : 'string' },
  ]);
  const { tokens } = parseArgs({
    args: argv.map((word) =>
      VERSION_LETTERS.includes(word) ? '--version' : word === '-h' ? '--help' : word,
    ),
    options: Object.fromEntries(options) as Record<string, { type: 'boolean' | 'string' }>,
    ...{ strict: false, allowPositionals: true, tokens: true },
  });
  const values = new Map<string, string | true>();
  const positionals: string[] = [];
  let unknown: string | undefined;
  let repeated: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(OPTIONS, token.name)) {
      unknown ??= token.rawName;
      continue;
    }
    if (values.has(token.name)) repeated ??= token.name;
    values.set(token.name, readValue(token));
  }
  return { values, positionals, unknown, repeated };
}

interface OptionWord {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function readValue({ name, value, inlineValue }: OptionWord): string | true {
  const wanted = OPTIONS[name]?.value;
  if (wanted === undefined) {
    if (value === undefined) return true;
    throw new UsageError(`--${name} takes no value.`);
  }
  // What looks like the next option is one.
  const isOption = inlineValue !== true && value !== '-' && value?.startsWith('-') === true;
  if (value === undefined || value === '' || isOption) {
    throw new UsageError(`--${name} needs a value, as in --${name} ${wanted}.`);
  }
  return value;
}

function createOptionError(option: string, command: CommandName | undefined): UsageError {
  const nearest = findNearest(option, Object.keys(OPTIONS));
  const hint = nearest === undefined ? '' : ` (did you mean --${nearest}?)`;
  return new UsageError(`Unknown option: ${option}${hint}`, command);
}

function suggest(name: string): string {
  const nearest = findNearest(name, COMMANDS);
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
}

function checkOptions(command: CommandName, values: Values): void {
  const given = [...values.keys()].filter((name) => name !== 'debug');
  const { needs, may } = USAGES[command];
  const missing = needs.find((name) => !given.includes(name));
  if (missing !== undefined) throw new UsageError(`${command} needs --${missing} FILE.`, command);
  const unknown = given.find((name) => !needs.includes(name) && !may.includes(name));
  if (unknown !== undefined) throw new UsageError(`${command} takes no --${unknown}.`, command);
  const mode = values.get('sync-mode');
  if (mode !== undefined && mode !== 'full_refresh' && mode !== 'incremental') {
    throw new UsageError('--sync-mode must be full_refresh or incremental.', command);
  }
  if (values.has('cursor') && mode !== 'incremental') {
    throw new UsageError('--cursor needs --sync-mode incremental.', command);
  }
  const price = values.get('price-per-million');
  if (price !== undefined && !/^\d+(\.\d+)?$/.test(String(price))) {
    throw new UsageError(
      '--price-per-million must be a number of US dollars, like 0.125.',
      command,
    );
  }
  if (FILE_OPTIONS.filter((name) => values.get(name) === '-').length > 1) {
    throw new UsageError('Only one file can be standard input.', command);
  }
}

function toArguments(command: CommandName, values: Values): Arguments {
  const text = (name: string): string | undefined => values.get(name)?.toString();
  const members = {
    config: text('config'),
    catalog: text('catalog'),
    state: text('state'),
    syncMode: text('sync-mode'),
    cursor: text('cursor'),
    streams: text('streams'),
    json: values.has('json') || undefined,
    pricePerMillion: values.has('price-per-million')
      ? Number(text('price-per-million'))
      : undefined,
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return { command, debug: values.has('debug'), ...Object.fromEntries(given) };
}
