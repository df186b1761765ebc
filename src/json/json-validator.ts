import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export type { ErrorObject };

/**
 * A validator that finds every violation of a JSON schema of ours.
 *
 * The schema itself is not validated, for which ajv would compile the schema of schemas, nor is the code that it
 * generates polished: both take longer than the one document that is looked at.
 */
export function compileValidator<T>(
  schema: Readonly<Record<string, unknown>>,
): ValidateFunction<T> {
  const ajv = new Ajv({
    allErrors: true,
    discriminator: true,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
  // ajv would look for the schema that `$schema` names.
  const members = Object.entries(schema).filter(([keyword]) => keyword !== '$schema');
  return ajv.compile<T>(Object.fromEntries(members));
}
