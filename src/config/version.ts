import { readFileSync } from 'node:fs';

const PACKAGE_FILE = new URL(import.meta.resolve('#package.json'));

/** The connector's version, as package.json has it. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')) as {
    readonly version: string;
  };
  return version;
}
