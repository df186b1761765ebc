import { expect } from 'chai';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { DescriptorOutput } from '../../../src/protocol/descriptor-output.ts';

async function writeAll(output: Writable, chunks: readonly (string | Uint8Array)[]): Promise<void> {
  await Promise.all(
    chunks.map(
      (chunk) =>
        new Promise<void>((resolve, reject) => {
          output.write(chunk, (error) => {
            if (error) reject(error);
            else resolve();
          });
        }),
    ),
  );
}

const noStream = (): Writable => expect.fail('Node’s stream was asked for');

describe('the output of a descriptor', () => {
  const directory = mkdtempSync(join(tmpdir(), 'descriptor-output-'));
  const file = join(directory, 'out');

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('writes text and bytes in the order of the calls', async () => {
    const descriptor = openSync(file, 'w');
    const large = Buffer.alloc(3_000_000, 'x');
    await writeAll(new DescriptorOutput(descriptor, noStream), ['a\n', large, 'b\n']);
    closeSync(descriptor);
    expect(readFileSync(file, 'latin1')).to.equal(`a\n${large.toString('latin1')}b\n`);
  });

  it('appends where the descriptor does', async () => {
    const descriptor = openSync(file, 'a');
    await writeAll(new DescriptorOutput(descriptor, noStream), ['end\n']);
    closeSync(descriptor);
    expect(readFileSync(file, 'latin1').endsWith('b\nend\n')).to.equal(true);
  });

  it('fails with the error of the descriptor', async () => {
    const descriptor = openSync(file, 'r');
    const output = new DescriptorOutput(descriptor, noStream);
    output.on('error', () => undefined);
    const failure = await writeAll(output, ['x']).catch((error: unknown) => error);
    closeSync(descriptor);
    expect(failure).to.have.property('code', 'EBADF');
  });

  it('is no terminal when it is a file', () => {
    const descriptor = openSync(file, 'r');
    expect(new DescriptorOutput(descriptor, noStream).isTTY).to.equal(false);
    closeSync(descriptor);
  });
});
