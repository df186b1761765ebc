import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { compileValidator, type ErrorObject } from '../../json/json-validator.ts';
import { chooseProperties, findTag, optionsOf } from './chosen-properties.ts';
import { describeExpected } from './describe-expected.ts';
import { joinQuoted } from './join-quoted.ts';

/** What is wrong with a config at one place. */
export interface Violation {
  /** The place, like `scan.segments`; empty for the config itself. */
  readonly path: string;
  /** A phrase that names the place. */
  readonly text: string;
}

/**
 * Every violation of the connection specification in a config; none when it is valid.
 *
 * A `oneOf` is checked against the option that its `const` property selects, so that a missing secret is not reported
 * as "matches no option".
 */
export function findViolations(
  config: unknown,
  connectionSpecification: JsonObject,
): readonly Violation[] {
  const schema = withDiscriminators(connectionSpecification);
  const validate = compileValidator(schema);
  if (validate(config)) return [];
  const violations = (validate.errors ?? []).map((error) => toViolation(error, schema, config));
  // A number that is neither whole nor in its range breaks two rules in one way.
  return violations.filter(
    ({ text }, index) => violations.findIndex((other) => other.text === text) === index,
  );
}

/** Names the `const` property of every `oneOf` to ajv, which then reports on the selected option alone. */
function withDiscriminators(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => [
    keyword,
    keyword === 'properties' ? mapValues(value as JsonObject, withDiscriminators) : value,
  ]);
  const copy = Object.fromEntries(entries) as JsonObject;
  if (copy.oneOf === undefined) return copy;
  const tag = findTag(optionsOf(copy));
  return { ...copy, discriminator: { propertyName: tag }, required: [tag] };
}

function mapValues(object: JsonObject, map: (value: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, map(value as JsonObject)]),
  );
}

function toViolation(error: ErrorObject, schema: JsonObject, config: unknown): Violation {
  const place = error.instancePath.slice(1).replaceAll('/', '.');
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const within = (name: unknown): string => `${place === '' ? '' : `${place}.`}${String(name)}`;
  if (error.keyword === 'required') {
    const path = within(parameters.missingProperty);
    return { path, text: `"${path}" is missing` };
  }
  if (error.keyword === 'discriminator') {
    const path = within(parameters.tag);
    return { path, text: `"${path}" must be ${joinQuoted(listChoices(error, schema), 'or')}` };
  }
  const expected = describeExpected(
    follow(schema, error.schemaPath.split('/').slice(1, -1)) as JsonObject,
    follow(config, error.instancePath.split('/').slice(1)),
  );
  return { path: place, text: `${place === '' ? 'the config' : `"${place}"`} must ${expected}` };
}

/** What the `const` property of a `oneOf` may be. */
function listChoices({ schemaPath }: ErrorObject, schema: JsonObject): readonly string[] {
  const owner = follow(schema, schemaPath.split('/').slice(1, -1)) as JsonObject;
  const tag = findTag(optionsOf(owner)) ?? '';
  return optionsOf(owner).map((option) => String(chooseProperties({}, option)[tag]?.const));
}

function follow(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inside, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return isJsonObject(inside) || Array.isArray(inside) ? (inside as JsonObject)[name] : undefined;
  }, value);
}
