import type { JsonObject } from '../../json/json-object.ts';

/** Schemas by the name of their property. */
export type Properties = Readonly<Record<string, JsonObject>>;

/** The name of the property whose `const` tells the options of a `oneOf` apart. */
export function findTag(options: readonly JsonObject[]): string | undefined {
  const properties = propertiesOf(options[0] ?? {});
  return Object.keys(properties).find((name) => properties[name]?.const !== undefined);
}

/** A schema's properties, with those of the `oneOf` option that the value selects by a `const`. */
export function chooseProperties(value: JsonObject, schema: JsonObject): Properties {
  const options = optionsOf(schema);
  const tag = findTag(options) ?? '';
  const chosen = options.find((option) => propertiesOf(option)[tag]?.const === value[tag]);
  return { ...propertiesOf(schema), ...propertiesOf(chosen ?? {}) };
}

/** A schema's properties, with those of every `oneOf` option. */
export function everyProperty(schema: JsonObject): Properties {
  const all = [schema, ...optionsOf(schema)].map(propertiesOf);
  return Object.assign({}, ...all) as Properties;
}

/** The options of a schema's `oneOf`. */
export function optionsOf({ oneOf = [] }: { readonly oneOf?: unknown }): readonly JsonObject[] {
  return oneOf as readonly JsonObject[];
}

function propertiesOf({ properties = {} }: { readonly properties?: unknown }): Properties {
  return properties as Properties;
}
