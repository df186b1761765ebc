import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

let directory: string | undefined;
let fileCount = 0;

/** This run's temporary directory; it is made on first use and removed when the process ends. */
export function tempDirectory(): string {
  if (directory !== undefined) return directory;
  const made = mkdtempSync(join(tmpdir(), 'source-dynamodb-test-'));
  atExit(() => {
    rmSync(made, { recursive: true, force: true });
  });
  directory = made;
  return made;
}

/** Writes text to a new temporary file and returns its path. `extension` comes with its dot, or is empty. */
export async function writeText(text: string, extension = '.json'): Promise<string> {
  fileCount += 1;
  const path = join(tempDirectory(), `${fileCount}${extension}`);
  await writeFile(path, text);
  return path;
}

/** Writes a value as JSON to a new temporary file and returns its path. */
export function writeJson(value: unknown): Promise<string> {
  return writeText(JSON.stringify(value));
}

/** Makes a new empty directory inside the temporary directory and returns its path. */
export function makeTempDirectory(): string {
  fileCount += 1;
  const path = join(tempDirectory(), `${fileCount}`);
  mkdirSync(path);
  return path;
}
