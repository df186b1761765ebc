import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export type { ErrorObject };

/**
 * Compiles one of our own JSON schemas into a validator that finds every violation.
 *
 * The schema itself is not validated, since ajv would have to compile its meta-schema, nor is the generated code
 * optimized: both would take longer than validating the one document.
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
