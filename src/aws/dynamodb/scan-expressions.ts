import type { FilterConfig } from '../../config/config.ts';
import type { ScanRequest } from './scan-page.ts';

/** The expressions that every request of a scan contains. */
export type ScanExpressions = Pick<
  ScanRequest,
  | 'filterExpression'
  | 'projectionExpression'
  | 'expressionAttributeNames'
  | 'expressionAttributeValues'
>;

/**
 * What every request of a scan contains, whatever its segment: the table or index, the consistency, the expressions.
 */
export type ScanTarget = Pick<
  ScanRequest,
  'table' | 'indexName' | 'consistentRead' | 'isCompressed'
> &
  ScanExpressions;

/** What a scan leaves out. */
export interface Selection {
  readonly filter?: FilterConfig;
  /** Names of top-level attributes; none means all. */
  readonly projection?: readonly string[];
  /** Names of the key attributes, which no projection leaves out. */
  readonly keys: readonly string[];
}

/**
 * Builds the expressions of a selection.
 *
 * Every name in a projection gets an alias, because many are reserved words or contain dots and dashes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
export function buildExpressions({ filter, projection, keys }: Selection): ScanExpressions {
  const projected = projection === undefined ? [] : [...new Set([...keys, ...projection])];
  const aliases = aliasNames(projected, new Set(Object.keys(filter?.names ?? {})));
  const names = { ...filter?.names, ...Object.fromEntries(aliases) };
  const values = filter?.values ?? {};
  return {
    ...(filter !== undefined && { filterExpression: filter.expression }),
    ...(aliases.length > 0 && {
      projectionExpression: aliases.map(([alias]) => alias).join(','),
    }),
    ...(Object.keys(names).length > 0 && { expressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { expressionAttributeValues: values }),
  };
}

/** Chooses aliases that the filter's own names do not use. */
function aliasNames(
  attributes: readonly string[],
  taken: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  const aliases: [string, string][] = [];
  let number = 0;
  for (const attribute of attributes) {
    while (taken.has(`#p${number}`)) number++;
    aliases.push([`#p${number++}`, attribute]);
  }
  return aliases;
}
