import { ConfigError } from '../../errors.ts';

/** An input file, as messages name it. */
export interface InputFile {
  /** Its path, or `-` for standard input. */
  readonly path: string;
  /** What it contains: `config`, `catalog` or `state`. */
  readonly what: string;
}

/** `The config file c.json`, or `The config on standard input`. */
export function nameFile({ path, what }: InputFile): string {
  return path === '-' ? `The ${what} on standard input` : `The ${what} file ${path}`;
}

/**
 * An error for a file that cannot be read.
 *
 * @param uid of this process; undefined on systems without user ids, such as Windows.
 */
export function toFileError(file: InputFile, error: unknown, uid?: number): ConfigError {
  if (isContent(file.path)) {
    return new ConfigError(
      `--${file.what} takes the path of a file, not its content. Write the content to a file, or pass it on standard input with "--${file.what} -".`,
    );
  }
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return new ConfigError(`${nameFile(file)} ${describe(code, uid)}`, { cause: error });
}

/** An error for a file with bytes that are not text; the line, if known, is counted from 1. */
export function createTextError(file: InputFile, line: number | undefined): ConfigError {
  const place = line === undefined ? '' : ` (line ${line})`;
  return new ConfigError(`${nameFile(file)} is not UTF-8 text${place}. Save it as UTF-8.`);
}

/** Whether JSON was given instead of a path. It may contain secrets, so no message repeats it. */
export function isContent(path: string): boolean {
  return /^\s*[[{]/.test(path);
}

function describe(code: string, uid: number | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist. Check the path; in a container, give the path inside it, and mount the folder.';
    case 'EACCES':
    case 'EPERM':
      return `cannot be read (${code}): this process runs as the user ${uid ?? '(unknown)'}. Make the file and its folder readable by that user, or run the container with docker's --user.`;
    case 'EISDIR':
      return 'is a folder (EISDIR). Name a file in it; docker creates a folder when the file to mount does not exist.';
    case 'ENOTDIR':
      return 'cannot be read (ENOTDIR): part of its path is a file, not a folder. Check the path.';
    case 'ELOOP':
      return 'cannot be read (ELOOP): it is a symbolic link that leads back to itself. Check the link.';
    case 'ENAMETOOLONG':
      return 'cannot be read (ENAMETOOLONG): the path is too long. Give the path of a file, not its content.';
    case 'EMFILE':
    case 'ENFILE':
      return `cannot be read (${code}): too many files are open. Raise the limit, as with "ulimit -n".`;
    case 'EBADF':
      return 'cannot be read (EBADF): it is closed. Give it something to read, or name a file.';
    default:
      return `cannot be read (${code}). Check the file and the disk or share it is on.`;
  }
}
