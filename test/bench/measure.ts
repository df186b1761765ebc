import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Count } from './counter.ts';

/** A program with its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run of a command took, and what it wrote. */
export interface Measurement extends Count {
  /** From the start of the process to its end, start-up included. */
  readonly wallSeconds: number;
  /** User and system time of all its threads, as the kernel counted it. */
  readonly cpuSeconds: number;
  /** The most memory that it had resident, in bytes; 0 where there is no /proc. */
  readonly peakBytes: number;
}

/** Memory only grows towards its peak, so a look this often misses nothing but the last moments of a run. */
const MEMORY_INTERVAL_MS = 20;

/**
 * The command runs as people run it, into a pipe (Node's own `stdio: 'pipe'` is a socket). bash reports the pid and
 * then wait4's times of this one process on descriptor 3; the counter's result is what comes out at the end.
 */
const SCRIPT = `
TIMEFORMAT='%U %S %R'
( time sh -c 'echo $$ >&3; exec "$@" 2>&4 3>&- 4>&-' sh "\${@:4}" ) 2>&3 | "$1" "$2" "$3" 3>&- 4>&-
exit "\${PIPESTATUS[0]}"`;

const COUNTER = fileURLToPath(new URL('./counter.js', import.meta.url));

/**
 * Runs `command` into the counter and measures it. `readBytesPerSecond` makes the counter a slow reader. Throws with
 * the end of its standard error when the command fails.
 */
export async function measure(command: Command, readBytesPerSecond = 0): Promise<Measurement> {
  const counter = [process.execPath, COUNTER, String(readBytesPerSecond)];
  const child = spawn(
    'bash',
    ['-c', SCRIPT, 'bash', ...counter, command.program, ...command.args],
    {
      env: { ...process.env, ...command.env },
      stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'],
    },
  );
  const [, stdout, , control, stderr] = child.stdio as [null, Readable, null, Readable, Readable];
  const memory = new MemoryWatch(control);
  const [count, report, errors, [exitCode]] = await Promise.all([
    text(stdout),
    memory.report,
    text(stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (exitCode !== 0) {
    const name = [command.program, ...command.args].join(' ');
    throw new Error(`${name} ended with ${exitCode ?? 'a signal'}:\n${errors.slice(-4000)}`);
  }
  const [user = 0, system = 0, wall = 0] = report.split(' ').map(Number);
  return {
    ...(JSON.parse(count) as Count),
    wallSeconds: wall,
    cpuSeconds: user + system,
    peakBytes: memory.peakBytes,
  };
}

/** Follows the memory of the process whose id comes first on `control`, until its times come. */
class MemoryWatch {
  peakBytes = 0;
  /** The last line of `control`. */
  readonly report: Promise<string>;

  constructor(control: Readable) {
    this.report = this.#watch(control);
  }

  async #watch(control: Readable): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    let last = '';
    try {
      for await (const line of createInterface(control)) {
        timer ??= setInterval(() => this.#look(line), MEMORY_INTERVAL_MS);
        last = line;
      }
    } finally {
      clearInterval(timer);
    }
    return last;
  }

  #look(pid: string): void {
    this.peakBytes = Math.max(this.peakBytes, readPeakBytes(pid));
  }
}

function readPeakBytes(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // The process has ended since the last look, or this is not Linux.
    return 0;
  }
}
