import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../../../src/errors.ts';

/** A temporary folder with the input files of a suite; it is removed behind the suite. */
export class InputFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'input-file-'));
  /** What was warned of, by a reader that was handed `options`. */
  readonly warnings: string[] = [];
  readonly options = {
    warn: (message: string): void => void this.warnings.push(message),
    uid: 1000,
  };

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** The message of the ConfigError that a reading fails with. */
export async function messageOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'no error';
}
