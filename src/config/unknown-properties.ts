import type { JsonObject } from '../json/json-object.ts';
import { findTag } from './validate-input.ts';

// Airbyte adds properties of its own, which begin so.
const INJECTED = '_';

/** Paths of the properties of a cleaned, valid config that its specification does not know: they have no effect. */
export function findUnknownProperties(
  config: JsonObject,
  schema: JsonObject,
  path = '',
): readonly string[] {
  const known = selectProperties(config, schema);
  return Object.entries(config).flatMap(([name, value]) => {
    const member = path === '' ? name : `${path}.${name}`;
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property === undefined) return name.startsWith(INJECTED) ? [] : [member];
    if (!Array.isArray(value)) return findInside(value, property, member);
    return value.flatMap((item, index) =>
      findInside(item, (property.items ?? {}) as JsonObject, `${member}.${index}`),
    );
  });
}

function findInside(value: unknown, schema: JsonObject, path: string): readonly string[] {
  const isClosed = schema.properties !== undefined || schema.oneOf !== undefined;
  if (!isClosed || typeof value !== 'object' || value === null) return [];
  return findUnknownProperties(value as JsonObject, schema, path);
}

/** The schema's properties, with those of the option of a `oneOf` that the config chooses by a `const`. */
function selectProperties(
  config: JsonObject,
  { properties = {}, oneOf = [] }: { properties?: object; oneOf?: readonly JsonObject[] },
): Readonly<Record<string, JsonObject>> {
  const tag = findTag(oneOf) ?? '';
  const chosen = oneOf.find(
    (option) => (option.properties as Record<string, JsonObject>)[tag]?.const === config[tag],
  );
  return { ...properties, ...(chosen?.properties as object | undefined) };
}
