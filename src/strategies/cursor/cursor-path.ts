import type { RecordConfig } from '../../config/config.ts';
import { isJsonObject } from '../../json/json-object.ts';
import { quoteName } from '../../text/quote-names.ts';
import type { OrderedType } from '../../values/compare-values.ts';
import { parseDecimal } from '../../values/decimal.ts';

/**
 * The path of the cursor in an item: an attribute, and the members of maps that lead from there to the value.
 *
 * Packed records have the item in `data`, so there a path may begin with that.
 */
export function toAttributePath(
  field: readonly string[],
  { format }: Pick<RecordConfig, 'format'>,
): readonly string[] {
  const [first, ...inside] = field;
  return format === 'packed' && first === 'data' && inside.length > 0 ? inside : field;
}

/** A path for people: `"meta.updated_at"`. */
export function quotePath(path: readonly string[]): string {
  return quoteName(path.join('.'));
}

/** What the type of a saved cursor is taken from, where its state does not tell. */
export interface CursorTypeInput {
  readonly text: string;
  readonly path: readonly string[];
  /** Of the stream's records. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  readonly config: RecordConfig;
}

/** The type of a saved cursor: what the schema says, or where that allows both, a number if it looks like one. */
export function inferCursorType({ text, path, jsonSchema, config }: CursorTypeInput): OrderedType {
  const types = findTypes(jsonSchema, path);
  const isOpen = types === undefined;
  const mayBeText = isOpen || types.includes('string');
  const mayBeNumber =
    isOpen ||
    types.includes('number') ||
    types.includes('integer') ||
    (config.numberValues === 'string' && mayBeText);
  if (mayBeText && mayBeNumber) return parseDecimal(text) === undefined ? 'S' : 'N';
  return mayBeNumber ? 'N' : 'S';
}

/** The types that a schema has at a path; undefined where it does not say. */
function findTypes(schema: unknown, path: readonly string[]): readonly unknown[] | undefined {
  if (!isJsonObject(schema)) return undefined;
  const [name, ...inside] = path;
  if (name === undefined) return schema.type === undefined ? undefined : [schema.type].flat();
  const { properties } = schema;
  if (!isJsonObject(properties) || !Object.hasOwn(properties, name)) return undefined;
  return findTypes(properties[name], inside);
}
