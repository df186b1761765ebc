import { fstatSync } from 'node:fs';
import { platform } from 'node:os';

// Part of every Debian, and so of Node's images on it.
const PERL = '/usr/bin/perl';
// A page, and the most that Linux gives without a privilege.
const WIDE_BYTES = 1024 * 1024;
// F_GETPIPE_SZ and F_SETPIPE_SZ, https://man7.org/linux/man-pages/man2/fcntl.2.html
const SCRIPT = `open(PIPE, '>&=', 3); fcntl(PIPE, 1031, ${WIDE_BYTES}) if fcntl(PIPE, 1032, 0) < ${WIDE_BYTES}`;

/**
 * Has a pipe hold 1 MiB, on Linux, where there is a Perl to ask for it: Node has no call that does, and the size is
 * the pipe's own, whoever sets it. Whatever else the descriptor is, and wherever that fails, all stays as it was.
 *
 * Whoever writes large pieces into a pipe sleeps each time it is full, and wakes when it was emptied; with 64 KiB that
 * is sixteen times a page.
 */
export async function widenPipe(descriptor: number): Promise<void> {
  if (platform() !== 'linux' || !fstatSync(descriptor).isFIFO()) return;
  const { spawn } = await import('node:child_process');
  // As any of the first three it would be made a blocking one, also for whoever shares it.
  const stdio = ['ignore', 'ignore', 'ignore', descriptor] as const;
  const child = spawn(PERL, ['-e', SCRIPT], { stdio: [...stdio], env: {} });
  await new Promise((resolve) => {
    child.on('close', resolve).on('error', resolve);
  });
}
