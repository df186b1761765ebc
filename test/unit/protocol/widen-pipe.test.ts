import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DescriptorOutput } from '../../../src/protocol/descriptor-output.ts';
import { widenPipe } from '../../../src/protocol/widen-pipe.ts';

const KIB = 1024;
/** What a pipe holds where Linux, and a Perl that asks for it, are there; elsewhere it stays as it is. */
const WIDE = platform() === 'linux' && existsSync('/usr/bin/perl') ? 1024 * KIB : 64 * KIB;
const PIECE = Buffer.alloc(4 * KIB);

/** Bytes that an empty pipe takes before it is full; it is empty again afterwards. */
function measureCapacity(pipe: number): number {
  let capacity = 0;
  try {
    for (;;) capacity += writeSync(pipe, PIECE);
  } catch (error) {
    expect(error).to.have.property('code', 'EAGAIN');
  }
  drain(pipe);
  return capacity;
}

function drain(pipe: number): void {
  const buffer = Buffer.alloc(1024 * KIB);
  try {
    while (readSync(pipe, buffer) > 0);
  } catch (error) {
    expect(error).to.have.property('code', 'EAGAIN');
  }
}

describe('a pipe', () => {
  const directory = mkdtempSync(join(tmpdir(), 'widen-pipe-'));
  const path = join(directory, 'pipe');
  let pipe: number;

  beforeEach(() => {
    execFileSync('mkfifo', [path]);
    pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  });
  afterEach(() => {
    closeSync(pipe);
    rmSync(path);
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('of 64 KiB is made one of 1 MiB where that can be', async () => {
    expect(measureCapacity(pipe)).to.equal(64 * KIB);
    await widenPipe(pipe);
    expect(measureCapacity(pipe)).to.equal(WIDE);
  });

  it('is left alone until 64 MiB were written into it', async () => {
    const output = new DescriptorOutput(pipe, () => expect.fail('The pipe was full'));
    const write = (bytes: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        output.write(bytes, (error) => {
          drain(pipe);
          if (error) reject(error);
          else resolve();
        });
      });
    for (let written = 0; written < 64 * KIB * KIB - 64 * KIB; written += 64 * KIB) {
      await write(Buffer.alloc(64 * KIB));
    }
    expect(measureCapacity(pipe)).to.equal(64 * KIB);
    await write(Buffer.alloc(64 * KIB));
    while (measureCapacity(pipe) < WIDE) await setImmediate();
    expect(measureCapacity(pipe)).to.equal(WIDE);
  });
});
