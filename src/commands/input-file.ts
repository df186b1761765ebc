import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConfigError } from '../errors.ts';
import { findDuplicateMembers } from '../json/duplicate-members.ts';
import { parseJson } from '../json/parse-json.ts';

const STDIN_FD = 0;

/**
 * Reads a JSON file, or standard input for `-`. Empty text is undefined.
 *
 * @param onDuplicate told of each member that an object has twice; the later one holds.
 * @throws ConfigError for a file that cannot be read or is no JSON. Its text is not repeated, for it holds secrets.
 */
export async function readJsonFile(
  path: string,
  what: string,
  onDuplicate?: (member: string) => void,
): Promise<unknown> {
  const content = await readText(path, what);
  if (content.trim() === '') return undefined;
  try {
    const value = parseJson(content);
    if (onDuplicate !== undefined) findDuplicateMembers(content).forEach(onDuplicate);
    return value;
  } catch {
    throw new ConfigError(`The ${what} file ${path} is not JSON. Check how it was written.`);
  }
}

/**
 * A state file is as the platform writes it, or STATE messages of an earlier read, one a line. There may be none yet,
 * as before the first of a series of reads; `onMissing` is told.
 */
export async function readStateFile(path: string, onMissing: () => void): Promise<unknown> {
  if (path !== '-' && (await isMissing(path))) {
    onMissing();
    return undefined;
  }
  const content = await readText(path, 'state');
  if (content.trim() === '') return undefined;
  try {
    return parseJson(content);
  } catch {
    return parseLines(content, path);
  }
}

function parseLines(content: string, path: string): unknown {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => parseJson(line));
  } catch {
    throw new ConfigError(
      `The state file ${path} is not JSON. Give an array of state messages, or one STATE message a line.`,
    );
  }
}

function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

async function readText(path: string, what: string): Promise<string> {
  try {
    const content =
      path === '-'
        ? await text(createReadStream('', { fd: STDIN_FD, autoClose: false }))
        : await readFile(path, 'utf8');
    // Editors on Windows begin a file with a byte order mark.
    return content.replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${String(code)})`;
    throw new ConfigError(`The ${what} file ${path} ${reason}.`, { cause: error });
  }
}
