import { readSync, writeFileSync } from 'node:fs';

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

const NEWLINE = 0x0a;
const RECORD_START = Buffer.from('{"type":"RECORD"');

/** Counts lines in chunks of any size without keeping more of them than a line's first bytes. */
class LineCounter {
  bytes = 0;
  lines = 0;
  records = 0;
  /** The start of a line that a chunk has cut. */
  #lineStart = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    let at = this.#finishLine(chunk);
    for (;;) {
      const end = chunk.indexOf(NEWLINE, at);
      if (end < 0) break;
      this.lines += 1;
      if (startsRecord(chunk, at)) this.records += 1;
      at = end + 1;
    }
    if (at < chunk.length) this.#keepStart(chunk.subarray(at));
  }

  /** Counts the line that earlier chunks began; where the next one begins. */
  #finishLine(chunk: Buffer): number {
    if (this.#lineStart.length === 0) return 0;
    const end = chunk.indexOf(NEWLINE);
    if (end < 0) {
      this.#keepStart(chunk);
      return chunk.length;
    }
    this.#keepStart(chunk.subarray(0, end));
    this.lines += 1;
    if (startsRecord(this.#lineStart, 0)) this.records += 1;
    this.#lineStart = Buffer.alloc(0);
    return end + 1;
  }

  #keepStart(bytes: Buffer): void {
    const missing = RECORD_START.length - this.#lineStart.length;
    if (missing > 0) this.#lineStart = Buffer.concat([this.#lineStart, bytes.subarray(0, missing)]);
  }
}

function startsRecord(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < RECORD_START.length; index += 1) {
    if (bytes[at + index] !== RECORD_START[index]) return false;
  }
  return true;
}

/** Blocks until `bytes` may have been read at `bytesPerSecond` since `startedAt` (ms). */
function holdBack(bytes: number, bytesPerSecond: number, startedAt: number): void {
  const waitMs = startedAt + (bytes / bytesPerSecond) * 1000 - performance.now();
  if (waitMs > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
}

/** Reads standard input to its end, at most `bytesPerSecond` (0 = as fast as it comes). */
function countInput(bytesPerSecond: number): Count {
  const counter = new LineCounter();
  const buffer = Buffer.allocUnsafeSlow(1 << 20);
  const startedAt = performance.now();
  let firstByteAt = 0n;
  let lastByteAt = 0n;
  for (;;) {
    const size = readSync(0, buffer);
    if (size === 0) break;
    lastByteAt = process.hrtime.bigint();
    if (counter.bytes === 0) firstByteAt = lastByteAt;
    counter.add(buffer.subarray(0, size));
    if (bytesPerSecond > 0) holdBack(counter.bytes, bytesPerSecond, startedAt);
  }
  const { bytes, lines, records } = counter;
  const times = { firstByteAt: String(firstByteAt), lastByteAt: String(lastByteAt) };
  return { bytes, lines, records, ...times };
}

writeFileSync(1, JSON.stringify(countInput(Number(process.argv[2] ?? 0))));
