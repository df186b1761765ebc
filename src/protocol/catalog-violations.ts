import type { ErrorObject } from '../json/json-validator.ts';

const WHOLE = 'the catalog';
const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text in quotes',
  boolean: 'true or false',
};

/** A violation as a phrase: `streams[0].stream.json_schema.properties must be an object`. */
export function describeViolation({ instancePath, keyword, params }: ErrorObject): string {
  const place = toPlace(instancePath);
  const parameters = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return place === WHOLE
        ? `"${String(parameters.missingProperty)}" is missing`
        : `${place}.${String(parameters.missingProperty)} is missing`;
    case 'enum':
      return `${place} must be ${(parameters.allowedValues as readonly string[]).join(' or ')}`;
    case 'minLength':
      return `${place} must not be empty`;
    case 'maxLength':
      return `${place} must have no more than ${String(parameters.limit)} characters`;
    default:
      return `${place} must be ${describeType(parameters.type)}`;
  }
}

/** `/streams/0/sync_mode` as `streams[0].sync_mode`. */
function toPlace(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const place = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return place === '' ? WHOLE : place.slice(1);
}

/** Names a type; of several the first, since null only means absence. */
function describeType(type: unknown): string {
  const [first] = [type].flat();
  return TYPES[String(first)] ?? String(first);
}
