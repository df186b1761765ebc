import type { JsonObject } from '../../json/json-object.ts';
import { isRegion, type Environment } from '../region.ts';
import type { UnknownProperty } from './unknown-properties.ts';
import { findViolations, type Violation } from './validate-input.ts';

/** A cleaned config, and what it is checked against. */
export interface ConfigInput {
  readonly config: JsonObject;
  readonly specification: JsonObject;
  readonly unknown: readonly UnknownProperty[];
  readonly env: Environment;
}

/** A phrase for everything that makes a config invalid: misspelt properties, and violations of the specification. */
export function findConfigViolations(input: ConfigInput): readonly string[] {
  const { config, specification, unknown } = input;
  const misspelt = unknown.flatMap(({ path, meant }) =>
    meant === undefined ? [] : [{ path, meant }],
  );
  // A misspelt property need not be reported as missing too.
  const explained = [...misspelt.map(({ meant }) => meant), ...listEmptyEntries(config)];
  const violations = [...findRegionViolations(input), ...findViolations(config, specification)];
  const texts = [
    ...misspelt.map(
      ({ path, meant }) => `"${path}" is not a property of this source (did you mean "${meant}"?)`,
    ),
    ...violations.filter(({ path }) => !explained.includes(path)).map(({ text }) => text),
  ];
  return [...new Set(texts)];
}

function findRegionViolations({ config, env }: ConfigInput): readonly Violation[] {
  const { region } = config;
  const path = 'region';
  if (region === undefined) {
    return [{ path, text: '"region" is missing, and AWS_REGION is not set either' }];
  }
  if (typeof region !== 'string' || isRegion(region, config, env)) return [];
  return [{ path, text: '"region" must look like us-east-1' }];
}

/** The `table` of entries of `table_options` that a form or a template left blank altogether: they are ignored. */
function listEmptyEntries({ table_options: entries }: JsonObject): readonly string[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) =>
    JSON.stringify(entry) === '{}' ? [`table_options.${index}.table`] : [],
  );
}
