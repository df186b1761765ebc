import { constants, readFileSync, readlinkSync } from 'node:fs';

const STDIN_FD = 0;
const ACCESS_MODE = constants.O_RDONLY | constants.O_WRONLY | constants.O_RDWR;

/**
 * Whether a standard descriptor was closed when the process began, as `>&-` does; false where there is no /proc.
 *
 * In its place Node opens /dev/null for reading and writing, where all output would be lost unnoticed; a shell that is
 * told to write to /dev/null opens it for writing only. Programs that open it for both, as Python's
 * `subprocess.DEVNULL` does, cannot be told apart from this: the kernel shows the same for either descriptor.
 */
export function wasClosed(descriptor: number): boolean {
  return readNullAccess(descriptor) === constants.O_RDWR;
}

/**
 * Whether nohup started the process from a terminal; false where there is no /proc.
 *
 * Whether hangups were ignored can no longer be seen, since Node resets all signal handlers when it starts. But nohup
 * also opens /dev/null for writing as standard input, so that reading fails, which nothing else does.
 */
export function isUnderNohup(): boolean {
  return readNullAccess(STDIN_FD) === constants.O_WRONLY;
}

/** How /dev/null was opened; undefined if the descriptor is something else. */
function readNullAccess(descriptor: number): number | undefined {
  try {
    if (readlinkSync(`/proc/self/fd/${descriptor}`) !== '/dev/null') return undefined;
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
    const [, flags = ''] = /^flags:\s*(\d+)/m.exec(info) ?? [];
    return parseInt(flags, 8) & ACCESS_MODE;
  } catch {
    return undefined;
  }
}
