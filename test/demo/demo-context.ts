import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../support/engine.ts';
import type { Terminal } from './terminal.ts';

/** What every step of the demo has at hand. */
export interface DemoContext {
  readonly terminal: Terminal;
  readonly engine: Engine;
  /** Where the connector runs and finds its files; it is removed when the demo ends. */
  readonly directory: string;
}

/** Something is not as the demo promises. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

/** @throws DemoFailure with that sentence when the condition does not hold. */
export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new DemoFailure(otherwise);
}

/** Writes a file for the connector under that name. */
export async function writeFor(demo: DemoContext, name: string, content: unknown): Promise<void> {
  await writeFile(join(demo.directory, name), `${JSON.stringify(content, null, 2)}\n`);
}
