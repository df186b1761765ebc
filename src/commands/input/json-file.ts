import { ConfigError } from '../../errors.ts';
import { findDuplicateMembers } from '../../json/duplicate-members.ts';
import { findJsonError } from '../../json/json-error.ts';
import { parseJson } from '../../json/parse-json.ts';
import { nameFile, type InputFile } from './file-failure.ts';
import { readText } from './text-file.ts';

const DISCOVERED = '{"type":"CATALOG"';

/** How an input file is read. */
export interface ReadOptions {
  /** Called with a sentence for each oddity. */
  readonly warn: (message: string) => void;
  /** The user that this process runs as; undefined on systems without user ids. */
  readonly uid?: number | undefined;
}

/**
 * Reads a JSON file, or standard input for `-`. Returns undefined for empty text.
 *
 * @throws ConfigError for a file that cannot be read or is not JSON. It does not repeat the text, which may contain
 * secrets.
 */
export async function readJsonFile(file: InputFile, { warn, uid }: ReadOptions): Promise<unknown> {
  const content = await readText(file, uid);
  return content.trim() === '' ? undefined : parseDocument(content, file, warn);
}

/** @throws ConfigError for text that is not JSON. */
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
    // The whole output of discover, log included; the catalog's parser knows what to say about it.
    const discovered = content.split('\n').find((line) => line.startsWith(DISCOVERED));
    if (file.what === 'catalog' && discovered !== undefined) return parseJson(discovered);
    throw createJsonError(content, file);
  }
}

/** Warns about members that appear more than once in a valid JSON text. */
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
