import { readSpec } from '../config/spec.ts';
import type { Command } from './command.ts';

/** Writes what can be configured. */
export const spec: Command = async ({ writer }) => {
  await writer.write({ type: 'SPEC', spec: readSpec() });
  return 0;
};
