import fc from 'fast-check';
import type { RecordConfig } from '../../../src/config/config.ts';
import { itemOf, type WireName, wireNames } from './item-arbitraries.ts';
import type { RecordRules } from './reference-records.ts';

/** Pages of one table's items, and the rules by which they become records. */
export interface TableCase {
  readonly rules: RecordRules;
  /** Each an array of items in DynamoDB JSON. */
  readonly pages: readonly string[];
}

export const recordConfig: fc.Arbitrary<RecordConfig> = fc.record({
  format: fc.constantFrom('columns', 'packed'),
  nestedValues: fc.constantFrom('json', 'string'),
  numberValues: fc.constantFrom('number', 'string'),
  unlistedAttributes: fc.constantFrom('drop', 'emit'),
});

const JSON_TYPES = ['string', 'boolean', 'null', 'number', 'integer', 'object', 'array'];

const propertySchema = fc.oneof(
  fc.constant({}),
  fc.constant({ type: JSON_TYPES }),
  fc.constantFrom(...JSON_TYPES, 'unknown').map((type) => ({ type })),
  fc.subarray(JSON_TYPES).map((type) => ({ type })),
);

/** A stream's schema that lists any of the names, or takes everything. */
function schemaOf(names: readonly WireName[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const listable = [...new Set([...names.map(({ name }) => name), 'data', 'never there'])];
  const listed = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...listable), propertySchema), {
      selector: ([name]) => name,
      maxLength: listable.length,
    })
    .map((entries) => ({ type: 'object', properties: Object.fromEntries(entries) }));
  return fc.oneof(
    { arbitrary: listed, weight: 5 },
    { arbitrary: fc.constantFrom({}, { type: 'object', properties: {} }), weight: 1 },
  );
}

function rulesOf(names: readonly WireName[], config: RecordConfig): fc.Arbitrary<RecordRules> {
  // A packed table with a key called data is refused before anything is read.
  const keys = names.map(({ name }) => name).filter((name) => name !== 'data');
  return fc.record({
    config: fc.constant(config),
    schema: schemaOf(names),
    keys: fc.subarray(keys, { maxLength: Math.min(2, keys.length) }),
  });
}

export function tableCase(pages: { readonly min: number; readonly max: number }) {
  return fc.tuple(wireNames, recordConfig).chain(([names, config]): fc.Arbitrary<TableCase> =>
    fc.record({
      rules: rulesOf(names, config),
      pages: fc.array(
        fc.array(itemOf(names), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
        { minLength: pages.min, maxLength: pages.max },
      ),
    }),
  );
}

/** Rules that leave nothing of an item out. */
export const COMPLETE_RULES: readonly RecordRules[] = (['json', 'string'] as const).flatMap(
  (nestedValues) =>
    (['number', 'string'] as const).flatMap((numberValues) =>
      (['columns', 'packed'] as const).map((format) => ({
        config: { format, nestedValues, numberValues, unlistedAttributes: 'emit' as const },
        schema: {},
        keys: ['pk'],
      })),
    ),
);

/** Rules under which most of an item is passed over. */
export const DROPPING_RULES: RecordRules = {
  config: {
    format: 'columns',
    nestedValues: 'json',
    numberValues: 'number',
    unlistedAttributes: 'drop',
  },
  schema: { properties: { pk: { type: 'string' } } },
  keys: ['pk'],
};

/** Any of those. */
export const pickRules = fc.constantFrom(...COMPLETE_RULES, DROPPING_RULES);
