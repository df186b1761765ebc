import type { FilterConfig } from '../../config/config.ts';
import type { RawAttributeValue } from './attribute-value.ts';
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

/** A value that items have to reach. */
export interface LowerBound {
  /** The attribute, and the members of maps that lead from there to the value. */
  readonly path: readonly string[];
  readonly value: RawAttributeValue;
}

/** The same with a filter that also leaves out items whose value is smaller, of another type, or missing. */
export function addLowerBound<Target extends ScanExpressions>(
  target: Target,
  { path, value }: LowerBound,
): Target {
  const { filterExpression: filter, expressionAttributeValues: values = {} } = target;
  const names = aliasNames(path, takenNames(target), '#c');
  const alias = findFreeValue(values);
  const bound = `${names.map(([name]) => name).join('.')} >= ${alias}`;
  return {
    ...target,
    filterExpression: filter === undefined ? bound : `(${filter}) AND ${bound}`,
    expressionAttributeNames: {
      ...target.expressionAttributeNames,
      ...Object.fromEntries(names),
    },
    expressionAttributeValues: { ...values, [alias]: value },
  };
}

/** The same with one more attribute in the projection that it has. */
export function addToProjection<Target extends ScanExpressions>(
  target: Target,
  attribute: string,
): Target {
  const [[alias, name] = ['', '']] = aliasNames([attribute], takenNames(target));
  return {
    ...target,
    projectionExpression: `${target.projectionExpression ?? ''},${alias}`,
    expressionAttributeNames: { ...target.expressionAttributeNames, [alias]: name },
  };
}

function takenNames({
  expressionAttributeNames: names = {},
}: ScanExpressions): ReadonlySet<string> {
  return new Set(Object.keys(names));
}

function findFreeValue(taken: object): string {
  let number = 0;
  while (Object.hasOwn(taken, `:c${number}`)) number++;
  return `:c${number}`;
}

/** Chooses aliases that other expressions do not use. */
function aliasNames(
  attributes: readonly string[],
  taken: ReadonlySet<string>,
  prefix = '#p',
): readonly (readonly [string, string])[] {
  const aliases: [string, string][] = [];
  let number = 0;
  for (const attribute of attributes) {
    while (taken.has(`${prefix}${number}`)) number++;
    aliases.push([`${prefix}${number++}`, attribute]);
  }
  return aliases;
}
