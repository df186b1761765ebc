import { ConfigError } from '../../errors.ts';
import { findDuplicateMembers } from '../../json/duplicate-members.ts';
import { findJsonError } from '../../json/json-error.ts';
import { parseJson } from '../../json/parse-json.ts';
import { nameFile, type InputFile } from './file-failure.ts';
import { readText } from './text-file.ts';

const DISCOVERED = '{"type":"CATALOG"';

/** How an input file is read. */
export interface ReadOptions {
  /** Told of what is odd, a sentence each. */
  readonly warn: (message: string) => void;
  /** The user that this process runs as; undefined where there are none. */
  readonly uid?: number | undefined;
}

/**
 * Reads a JSON file, or standard input for `-`. Empty text is undefined.
 *
 * @throws ConfigError for a file that cannot be read or is no JSON. Its text is not repeated, for it may hold secrets.
 */
export async function readJsonFile(file: InputFile, { warn, uid }: ReadOptions): Promise<unknown> {
  const content = await readText(file, uid);
  return content.trim() === '' ? undefined : parseDocument(content, file, warn);
}

/** @throws ConfigError for a text that is no JSON. */
export function parseDocument(
  content: string,
  file: InputFile,
  warn: ReadOptions['warn'],
): unknown {
  try {
    const value = parseJson(content);
    warnOfDuplicates(content, file, warn);
    return value;
  } catch {
    // All that discover prints, its log included; what is to be said of it is known to whoever parses the catalog.
    const discovered = content.split('\n').find((line) => line.startsWith(DISCOVERED));
    if (file.what === 'catalog' && discovered !== undefined) return parseJson(discovered);
    throw createJsonError(content, file);
  }
}

/** Says which members a valid JSON text has more than once. */
export function warnOfDuplicates(
  content: string,
  { what }: InputFile,
  warn: ReadOptions['warn'],
): void {
  for (const member of findDuplicateMembers(content)) {
    warn(`"${member}" appears more than once in the ${what}; the last one is used.`);
  }
}

/** @param firstLine number of the line that the text begins on. */
export function createJsonError(content: string, file: InputFile, firstLine = 1): ConfigError {
  const error = findJsonError(content);
  const place =
    error === undefined
      ? ''
      : ` (line ${firstLine + error.line - 1}, column ${error.column}: ${error.reason})`;
  return new ConfigError(`${nameFile(file)} is not JSON${place}. Correct it there.`);
}
