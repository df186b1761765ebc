import { readSync, writeFileSync } from 'node:fs';
import { LineCounter } from './line-counter.ts';

/** What a reader wrote, as the counter at the other end of its pipe saw it. */
export interface Count {
  readonly bytes: number;
  readonly lines: number;
  /** Lines that begin as an Airbyte RECORD message. */
  readonly records: number;
  /** `process.hrtime` of the first and last bytes, in ns. */
  readonly firstByteAt: string;
  readonly lastByteAt: string;
}

/** Blocks until `bytes` may have been read at `bytesPerSecond` since `startedAt` (ms). */
function holdBack(bytes: number, bytesPerSecond: number, startedAt: number): void {
  const waitMs = startedAt + (bytes / bytesPerSecond) * 1000 - performance.now();
  if (waitMs > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
}

/** Reads standard input to its end, at most `bytesPerSecond` (0 = as fast as it comes). */
function countInput(bytesPerSecond: number): Count {
  const counter = new LineCounter();
  const { input } = counter;
  let bytes = 0;
  const startedAt = performance.now();
  let firstByteAt = 0n;
  let lastByteAt = 0n;
  for (;;) {
    const size = readSync(0, input);
    if (size === 0) break;
    lastByteAt = process.hrtime.bigint();
    if (bytes === 0) firstByteAt = lastByteAt;
    counter.add(size);
    bytes += size;
    if (bytesPerSecond > 0) holdBack(bytes, bytesPerSecond, startedAt);
  }
  const times = { firstByteAt: String(firstByteAt), lastByteAt: String(lastByteAt) };
  return { bytes, ...counter.finish(), ...times };
}

writeFileSync(1, JSON.stringify(countInput(Number(process.argv[2] ?? 0))));
