import type { RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { KeyAttribute } from '../../aws/dynamodb/tables.ts';
import type { RecordConfig } from '../../config/config.ts';
import { type JsonSchema, type SchemaOptions, SeenValues } from './seen-values.ts';
import { compareNames, sortByName } from './sort-by-name.ts';

/**
 * The largest number of columns in the schema of a table, its keys included. Redshift and Postgres allow at most 1,600,
 * and if there are more different names than this, they are made from data (ids, dates).
 */
export const MOST_COLUMNS = 1000;

/** The columns of a table's records, in their order. */
export type Columns = ReadonlyMap<string, JsonSchema>;

/** Infers the JSON schema of a table's records from its keys and sampled items. */
export class SchemaInference {
  readonly #config: RecordConfig;
  readonly #keys: readonly KeyAttribute[];
  readonly #attributes = new Map<string, SeenValues>();

  constructor(keys: readonly KeyAttribute[], config: RecordConfig) {
    this.#config = config;
    this.#keys = keys;
  }

  add(item: RawItem): void {
    for (const [name, value] of Object.entries(item)) {
      let seen = this.#attributes.get(name);
      if (seen === undefined) this.#attributes.set(name, (seen = new SeenValues()));
      seen.addValue(value);
    }
  }

  /** How many attributes were seen, or are keys. */
  get attributeCount(): number {
    return this.#keys.length + this.#listOthers().length;
  }

  /**
   * Returns the columns: keys first and never null, then the most frequent of the other attributes, by name; or `data`
   * for packed records.
   *
   * @param isWholeTable whether every item of the table was added.
   */
  toColumns(isWholeTable: boolean): Columns {
    const options = { config: this.#config, isWholeTable };
    const keys = this.#keys.map((key): [string, JsonSchema] => [
      key.name,
      this.#toKeySchema(key, options),
    ]);
    const others =
      this.#config.format === 'packed' ? [this.#toPackedSchema()] : this.#toOthers(options);
    return new Map([...keys, ...others]);
  }

  #toKeySchema({ name, type }: KeyAttribute, options: SchemaOptions): JsonSchema {
    const seen = this.#attributes.get(name);
    if (seen !== undefined) return seen.toSchema(options, false);
    if (type === 'B') return { type: 'string', contentEncoding: 'base64' };
    return { type: type === 'N' && this.#config.numberValues === 'number' ? 'number' : 'string' };
  }

  #toPackedSchema(): [string, JsonSchema] {
    const schema =
      this.#config.nestedValues === 'string'
        ? { type: ['string', 'null'] }
        : { type: ['object', 'null'], additionalProperties: true };
    return ['data', schema];
  }

  #toOthers(options: SchemaOptions): [string, JsonSchema][] {
    const mostFrequent = this.#listOthers()
      .sort((a, b) => b[1].count - a[1].count || compareNames(a, b))
      .slice(0, MOST_COLUMNS - this.#keys.length);
    return sortByName(mostFrequent).map(([name, seen]) => [name, seen.toSchema(options, true)]);
  }

  #listOthers(): [string, SeenValues][] {
    const keys = new Set(this.#keys.map((key) => key.name));
    return [...this.#attributes].filter(([name]) => !keys.has(name));
  }
}

/** The JSON schema of records with these columns. `properties` is a Map, which keeps their order. */
export function toRecordSchema(columns: Columns): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: columns,
    additionalProperties: true,
  };
}
