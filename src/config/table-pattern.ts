import { ConfigError } from '../errors.ts';
import { compileGlob, isGlob } from './glob.ts';
import { liesIn, parseTableArn } from './table-arn.ts';

/** An entry of the config that stands for tables: a name, an ARN or a glob. */
export interface TablePattern {
  /** The entry as in the config. */
  readonly text: string;
  /** Whether the entry means a table with this name. `arn` is given for tables that the config names by ARN. */
  readonly matches: (name: string, arn?: string) => boolean;
}

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;
const TABLE_GLOB = /^[A-Za-z0-9_.*?-]+$/;

/**
 * Parses an entry of a list of tables.
 *
 * An ARN stands for the table with its name, in any account: it is not known here which one the credentials belong to.
 * Between two ARNs, the account counts.
 *
 * @param path of the list, for the error.
 * @throws ConfigError for an entry that can match no table.
 */
export function parseTablePattern(text: string, path: string, region: string): TablePattern {
  const arn = parseTableArn(text);
  if (arn !== undefined) {
    if (!liesIn(arn, region)) {
      throw new ConfigError(
        `The table ${text} in "${path}" is in ${arn.region}, but "region" is ${region}. Create a separate source for each region.`,
      );
    }
    return { text, matches: (name, other) => name === arn.name && (other ?? text) === text };
  }
  if (!(isGlob(text) ? TABLE_GLOB : TABLE_NAME).test(text)) {
    throw new ConfigError(
      `"${path}" contains ${JSON.stringify(text)}, which is neither a table name (3 to 255 letters, digits, "_", "-" or "."), nor a table ARN, nor a glob ("*" and "?" in such a name).`,
    );
  }
  return { text, matches: compileGlob(text) };
}
