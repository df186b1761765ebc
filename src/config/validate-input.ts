import { compileValidator, type ErrorObject } from '../json/json-validator.ts';
import type { JsonObject } from '../json/json-object.ts';

/**
 * Every violation of the connection specification in a config, one phrase each; none when it is valid.
 *
 * A `oneOf` is judged by the option that its `const` property selects, so that a missing secret is not reported as
 * "matches no option".
 */
export function findViolations(config: unknown, connectionSpecification: JsonObject): string[] {
  const validate = compileValidator(withDiscriminators(connectionSpecification));
  if (validate(config)) return [];
  return (validate.errors ?? []).map(describeViolation);
}

/** Names the `const` property of every `oneOf` to ajv, which then reports on the selected option alone. */
function withDiscriminators(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => [
    keyword,
    keyword === 'properties' ? mapValues(value as JsonObject, withDiscriminators) : value,
  ]);
  const copy = Object.fromEntries(entries);
  const options = copy.oneOf as readonly JsonObject[] | undefined;
  if (options === undefined) return copy;
  return {
    ...copy,
    discriminator: { propertyName: findTag(options) },
    required: [findTag(options)],
  };
}

/** The name of the property that tells the options of a `oneOf` apart. */
export function findTag(options: readonly JsonObject[]): string | undefined {
  const properties = (options[0]?.properties ?? {}) as Record<string, JsonObject>;
  return Object.keys(properties).find((name) => properties[name]?.const !== undefined);
}

function mapValues(object: JsonObject, map: (value: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, map(value as JsonObject)]),
  );
}

function describeViolation(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const member = (name: unknown): string => `"${path === '' ? '' : `${path}.`}${String(name)}"`;
  switch (error.keyword) {
    case 'required':
      return `${member(parameters.missingProperty)} is missing`;
    case 'discriminator':
      return `${member(parameters.tag)} must be "AssumeRole", "User" or "Role"`;
    case 'enum':
      return `"${path}" must be one of ${(parameters.allowedValues as string[]).join(', ')}`;
    case 'pattern':
      return `"${path}" does not look right (it must match ${String(parameters.pattern)})`;
    default:
      return `${path === '' ? 'the config' : `"${path}"`} ${error.message ?? 'is invalid'}`;
  }
}
