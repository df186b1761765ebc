import type { Logger } from '../../protocol/logger.ts';
import type { CommandContext } from '../command.ts';
import { readJsonFile } from './json-file.ts';

/** Reads the file that `--catalog` names; without one, standard input. */
export function readCatalog(
  { arguments: { catalog: path = '-' }, uid }: CommandContext,
  logger: Logger,
): Promise<unknown> {
  return readJsonFile({ path, what: 'catalog' }, { uid, warn: (message) => logger.warn(message) });
}
