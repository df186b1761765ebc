import type { RecordConfig } from '../config/config.ts';
import type { RawAttributeValue, RawItem } from '../aws/dynamodb/attribute-value.ts';
import type { KeyAttribute } from '../aws/dynamodb/tables.ts';

/** A JSON schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

// Maps with more keys than this are keyed by data (ids, dates), and columns for each would say nothing.
const MOST_MAP_PROPERTIES = 200;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const INTEGER = /^[+-]?\d+$/;

/** What was seen of one attribute, or of a map. */
class SeenValues {
  readonly #types = new Set<string>();
  #allIntegers = true;
  /** Undefined once a map had too many keys. */
  #members: Map<string, SeenValues> | undefined = new Map<string, SeenValues>();

  addValue(value: RawAttributeValue): void {
    for (const [type, content] of Object.entries(value)) {
      this.#types.add(type);
      if (type === 'N') this.#allIntegers &&= isInt64(String(content));
      if (type === 'M') this.#addMembers(content as RawItem);
    }
  }

  #addMembers(map: RawItem): void {
    for (const [name, member] of Object.entries(map)) {
      if (this.#members === undefined) return;
      let seen = this.#members.get(name);
      if (seen === undefined) this.#members.set(name, (seen = new SeenValues()));
      seen.addValue(member);
      if (this.#members.size > MOST_MAP_PROPERTIES) this.#members = undefined;
    }
  }

  toSchema(config: RecordConfig, isNullable: boolean): JsonSchema {
    const types = new Set([...this.#types].map((type) => this.#toJsonType(type, config)));
    types.delete('null');
    // What is only ever NULL may become anything; text takes most.
    if (types.size === 0) types.add('string');
    const listed = [...types].sort();
    const onlyBinary = listed.includes('string') && !this.#isText(config);
    return {
      type: isNullable ? [...listed, 'null'] : listed.length === 1 ? listed[0] : listed,
      ...(onlyBinary && { contentEncoding: 'base64' }),
      ...(listed.includes('object') && this.#toObjectKeywords(config)),
    };
  }

  #toJsonType(type: string, config: RecordConfig): string {
    switch (type) {
      case 'N':
        if (config.numberValues === 'string') return 'string';
        return this.#allIntegers ? 'integer' : 'number';
      case 'BOOL':
        return 'boolean';
      case 'NULL':
        return 'null';
      case 'M':
        return config.nestedValues === 'string' ? 'string' : 'object';
      case 'L':
      case 'SS':
      case 'NS':
      case 'BS':
        return config.nestedValues === 'string' ? 'string' : 'array';
      default:
        return 'string';
    }
  }

  /** Whether a value that becomes a JSON string is anything but binary. */
  #isText(config: RecordConfig): boolean {
    const others = [...this.#types].filter((type) => type !== 'B');
    const isOnlyNull = !this.#types.has('B');
    return isOnlyNull || others.some((type) => this.#toJsonType(type, config) === 'string');
  }

  #toObjectKeywords(config: RecordConfig): JsonSchema {
    if (this.#members === undefined) return { additionalProperties: true };
    const properties = [...this.#members].map(([name, seen]): [string, JsonSchema] => [
      name,
      seen.toSchema(config, true),
    ]);
    return { properties: Object.fromEntries(sortByName(properties)), additionalProperties: true };
  }
}

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

  /** The schema: keys first and never null, then the other attributes by name, or `data` in packed records. */
  toSchema(): JsonSchema {
    const keys = this.#keys.map((key): [string, JsonSchema] => [key.name, this.#toKeySchema(key)]);
    const others = this.#config.format === 'packed' ? [this.#toPackedSchema()] : this.#toOthers();
    return {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: Object.fromEntries([...keys, ...others]),
      additionalProperties: true,
    };
  }

  #toKeySchema({ name, type }: KeyAttribute): JsonSchema {
    const seen = this.#attributes.get(name);
    if (seen !== undefined) return seen.toSchema(this.#config, false);
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

  #toOthers(): [string, JsonSchema][] {
    const keys = new Set(this.#keys.map((key) => key.name));
    const others = [...this.#attributes].filter(([name]) => !keys.has(name));
    return sortByName(others.map(([name, seen]) => [name, seen.toSchema(this.#config, true)]));
  }
}

function sortByName<T>(entries: readonly [string, T][]): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function isInt64(text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  return value >= INT64_MIN && value <= INT64_MAX;
}
