import { isJsonObject, type JsonObject } from '../../json/json-object.ts';
import { chooseProperties, everyProperty } from './chosen-properties.ts';
import { findNearest } from './edit-distance.ts';

/** A property of a config that its specification does not have in that place. */
export interface UnknownProperty {
  /** The place, like `scan.segment`. */
  readonly path: string;
  /** The object that has it. */
  readonly parent: JsonObject;
  readonly parentPath: string;
  readonly parentSchema: JsonObject;
  /** Whether another option of the same `oneOf` has it. */
  readonly isOfOtherOption: boolean;
  /** The place of the property that is probably meant. */
  readonly meant?: string;
}

// Airbyte adds properties of its own, which begin like this.
const INJECTED = '_';
// Airbyte's own connector has these, so they are not misspelt.
const FOREIGN = ['max_db_connections'];

/** Finds the properties of a cleaned config that its specification does not have. */
export function findUnknownProperties(
  config: JsonObject,
  specification: JsonObject,
): readonly UnknownProperty[] {
  const places = [...listPlaces(specification)];
  const findIn = (
    parent: JsonObject,
    parentSchema: JsonObject,
    prefix: string,
  ): readonly UnknownProperty[] => {
    const known = chooseProperties(parent, parentSchema);
    const all = Object.keys(everyProperty(parentSchema));
    return Object.entries(parent).flatMap(([name, value]) => {
      const path = `${prefix}${name}`;
      const property = Object.hasOwn(known, name) ? known[name] : undefined;
      if (property !== undefined) return findInside(value, property, path);
      if (name.startsWith(INJECTED)) return [];
      const isOfOtherOption = all.includes(name);
      const meant =
        isOfOtherOption || FOREIGN.includes(path) ? undefined : findMeant(name, prefix, all);
      return [
        {
          ...{ path, parent, parentSchema, parentPath: prefix.slice(0, -1), isOfOtherOption },
          ...(meant !== undefined && { meant }),
        },
      ];
    });
  };
  const findInside = (value: unknown, schema: JsonObject, path: string) => {
    if (isJsonObject(value) && schema.type === 'object') return findIn(value, schema, `${path}.`);
    if (!Array.isArray(value) || !isJsonObject(schema.items)) return [];
    const { items } = schema;
    return value.flatMap((item: unknown, index): readonly UnknownProperty[] =>
      isJsonObject(item) && items.type === 'object' ? findIn(item, items, `${path}.${index}.`) : [],
    );
  };
  const findMeant = (name: string, prefix: string, siblings: readonly string[]) => {
    const nearest = findNearest(name, siblings);
    return nearest === undefined
      ? places.find((place) => place.name === name)?.path
      : `${prefix}${nearest}`;
  };
  return findIn(config, specification, '');
}

/** Every property of a specification with its place: `table_options[].table`. */
function* listPlaces(
  schema: JsonObject,
  prefix = '',
): Generator<{ readonly name: string; readonly path: string }> {
  for (const [name, property] of Object.entries(everyProperty(schema))) {
    const path = `${prefix}${name}`;
    yield { name, path };
    yield* listPlaces(property, `${path}.`);
    if (isJsonObject(property.items)) yield* listPlaces(property.items, `${path}[].`);
  }
}
