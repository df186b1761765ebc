import type { RawAttributeValue, RawItem } from '../../aws/dynamodb/attribute-value.ts';
import type { RecordConfig } from '../../config/config.ts';
import { sortByName } from './sort-by-name.ts';
import { isInt64 } from './number-range.ts';

/** A JSON schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema is made for. */
export interface SchemaOptions {
  readonly config: RecordConfig;
  /** Whether every item of the table was seen. */
  readonly isWholeTable: boolean;
}

// Maps with more keys than this are keyed by data (ids, dates), and a property for each would be useless.
const MOST_MAP_PROPERTIES = 200;
// Prices may be whole numbers for a while. With this many whole numbers in a sample, the others are very likely whole
// too.
const LEAST_INTEGERS = 100;

/** What has been seen of one attribute, or of one member of a map. */
export class SeenValues {
  readonly #types = new Set<string>();
  #count = 0;
  #numbers = 0;
  #areAllIntegers = true;
  /** Undefined once a map has had too many keys. */
  #members: Map<string, SeenValues> | undefined = new Map<string, SeenValues>();

  /** How many values were seen. */
  get count(): number {
    return this.#count;
  }

  addValue(value: RawAttributeValue): void {
    this.#count++;
    for (const [type, content] of Object.entries(value)) {
      this.#types.add(type);
      if (type === 'N') this.#addNumber(String(content));
      if (type === 'M') this.#addMembers(content as RawItem);
    }
  }

  #addNumber(text: string): void {
    this.#numbers++;
    this.#areAllIntegers &&= isInt64(text);
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

  toSchema(options: SchemaOptions, isNullable: boolean): JsonSchema {
    const types = new Set([...this.#types].map((type) => this.#toJsonType(type, options)));
    types.delete('null');
    // An attribute that is only ever NULL may become anything; text accepts most of it.
    if (types.size === 0) types.add('string');
    const listed = [...types].sort();
    const onlyBinary = listed.includes('string') && !this.#isText(options);
    return {
      type: isNullable ? [...listed, 'null'] : listed.length === 1 ? listed[0] : listed,
      ...(onlyBinary && { contentEncoding: 'base64' }),
      ...(listed.includes('object') && this.#toObjectKeywords(options)),
    };
  }

  #toJsonType(type: string, { config, isWholeTable }: SchemaOptions): string {
    switch (type) {
      case 'N':
        if (config.numberValues === 'string') return 'string';
        return this.#areIntegers(isWholeTable) ? 'integer' : 'number';
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

  /** Destinations create a narrow column for integers, and round or refuse a fraction that comes later. */
  #areIntegers(isWholeTable: boolean): boolean {
    return this.#areAllIntegers && (isWholeTable || this.#numbers >= LEAST_INTEGERS);
  }

  /** Whether any value that becomes a JSON string is something other than binary. */
  #isText(options: SchemaOptions): boolean {
    const others = [...this.#types].filter((type) => type !== 'B');
    const isOnlyNull = !this.#types.has('B');
    return isOnlyNull || others.some((type) => this.#toJsonType(type, options) === 'string');
  }

  #toObjectKeywords(options: SchemaOptions): JsonSchema {
    if (this.#members === undefined) return { additionalProperties: true };
    const properties = [...this.#members].map(([name, seen]): [string, JsonSchema] => [
      name,
      seen.toSchema(options, true),
    ]);
    return { properties: Object.fromEntries(sortByName(properties)), additionalProperties: true };
  }
}
