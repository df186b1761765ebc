import { expect } from 'chai';
import fc from 'fast-check';
import { LARGEST_PAGE_BYTES } from '../../../src/records/page-memory.ts';
import type { SeenValues } from '../../../src/values/seen-values.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { parseItems, readTagged } from '../../support/reference-decoding.ts';
import { numberText, stringToken } from './item-arbitraries.ts';
import { checkLines, EMITTED_AT, openTranscoder, placeItems, readText } from './page-of-items.ts';
import { expectRecords, type RecordRules } from './reference-records.ts';
import { COMPLETE_RULES, DROPPING_RULES, tableCase } from './rules-arbitraries.ts';

type Path = readonly string[];

const [ALL] = COMPLETE_RULES as readonly [RecordRules];
const PACKED: RecordRules = { ...ALL, config: { ...ALL.config, format: 'packed' } };

function watch(items: string, path: Path, rules = ALL, isHidden = false): SeenValues | undefined {
  const transcoder = openTranscoder(rules, { path, isHidden });
  return transcoder.transcode(placeItems(items), EMITTED_AT).seen;
}

/** The value at a path of an item in DynamoDB JSON, with its type. */
function find(
  item: JsonObject,
  [name = '', ...steps]: Path,
): readonly [string, unknown] | undefined {
  if (!Object.hasOwn(item, name)) return undefined;
  const [type, content] = readTagged(item[name]);
  if (steps.length === 0) return [type, content];
  return type === 'M' && isJsonObject(content) ? find(content, steps) : undefined;
}

function toScaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toUpperCase().split('E');
  const [integer = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(`${integer.replace(/[+-]/, '')}${fraction}`);
  const scaled = digits * 10n ** BigInt(400 + Number(exponent) - fraction.length);
  return text.startsWith('-') ? -scaled : scaled;
}

function expectSeen(seen: SeenValues | undefined, page: string, path: Path): void {
  const items = parseItems(page);
  const values = items.flatMap((item) => [find(item, path)].filter((value) => value !== undefined));
  const counts: Record<string, number> = {};
  for (const [type] of values) counts[type] = (counts[type] ?? 0) + 1;
  expect(seen?.items).to.equal(items.length);
  expect(seen?.counts).to.deep.equal(counts);
  const texts = values.flatMap(([type, text]) => (type === 'S' ? [Buffer.from(String(text))] : []));
  const [largest] = texts.sort((a, b) => Buffer.compare(b, a));
  const { S, N } = seen?.largest ?? {};
  expect(S === undefined ? undefined : Buffer.from(S)).to.deep.equal(largest);
  const numbers = values.flatMap(([type, text]) => (type === 'N' ? [toScaled(String(text))] : []));
  const [most] = numbers.sort((a, b) => (a < b ? 1 : -1));
  expect(N === undefined ? undefined : toScaled(N)).to.equal(most);
}

/** Paths of values inside an item, the attribute itself among them. */
function listPaths(item: JsonObject): readonly Path[] {
  return Object.entries(item).flatMap(([name, value]) => {
    const [type, content] = readTagged(value);
    const inside = type === 'M' && isJsonObject(content) ? listPaths(content) : [];
    return [[name], ...inside.map((path) => [name, ...path])];
  });
}

function toItems(values: readonly string[]): string {
  return `[${values.map((value) => `{"pk":{"S":"k"},"at":${value}}`).join(',')}]`;
}

describe('watching an attribute', () => {
  it('counts its types and finds the largest values, whatever the items and the config', () => {
    fc.assert(
      fc.property(tableCase({ min: 1, max: 3 }), fc.nat(), ({ rules, pages }, choice) => {
        const paths = [...pages.flatMap((page) => parseItems(page).flatMap(listPaths)), ['none']];
        const path = paths[choice % paths.length] ?? [];
        const transcoder = openTranscoder(rules, { path, isHidden: false });
        for (const page of pages) {
          const result = transcoder.transcode(placeItems(page), EMITTED_AT);
          checkLines(readText(result), expectRecords(page, rules));
          expectSeen(result.seen, page, path);
        }
      }),
      { numRuns: 1500 },
    );
  });

  for (const [name, value] of [
    ['texts', stringToken.map((token) => `{"S":${token}}`)],
    ['numbers', numberText.map((text) => `{"N":"${text}"}`)],
    [
      'times',
      fc
        .tuple(
          fc.date({ noInvalidDate: true }),
          fc.constantFrom('Z', '+00:00', '', '\\u005a', '\\"'),
        )
        .map(([date, end]) => `{"S":"${date.toISOString().slice(0, -1)}${end}"}`),
    ],
    ['counters', fc.bigInt({ min: 0n, max: 10n ** 38n }).map((n) => `{"N":"${String(n)}"}`)],
    ['prices', fc.tuple(fc.nat(120), fc.nat(120)).map(([a, b]) => `{"N":"${a}.${b}"}`)],
    [
      'like texts',
      fc
        .string({ unit: fc.constantFrom('a', '!', '"', 'é', '😀', '\uffff') })
        .map((text) => `{"S":${JSON.stringify(`2026-11-26T12:0${text}`)}}`),
    ],
  ] as const) {
    for (const rules of [ALL, DROPPING_RULES, PACKED]) {
      it(`finds the largest of ${name}, ${describeRules(rules)}`, () => {
        fc.assert(
          fc.property(fc.array(value, { maxLength: 12 }), (values) => {
            const page = toItems(values);
            expectSeen(watch(page, ['at'], rules), page, ['at']);
          }),
          { numRuns: 400 },
        );
      });
    }
  }

  it('looks into maps by names that the wire may spell in several ways', () => {
    const page = String.raw`[
      {"a":{"M":{"b\/é":{"M":{"c":{"S":"1"}}}}}},
      {"a":{"M":{"x":{"S":"9"},"b\u002f\u00e9":{"M":{"c":{"S":"3"}}}}}},
      {"\u0061":{"M":{"b/é":{"M":{"c":{"S":"2"},"d":{"S":"9"}}}}}},
      {"a":{"M":{}}},
      {"a":{"S":"9"}},
      {"a":{"M":{"b/é":{"L":[{"S":"9"}]}}}}]`.replaceAll(/\n\s*/g, '');
    const seen = watch(page, ['a', 'b/é', 'c']);
    expect(seen).to.deep.equal({ items: 6, counts: { S: 3 }, largest: { S: '3' } });
  });

  it('sees all runs of items that are too long for the shared memory', () => {
    const filler = `"filler":{"S":"${'x'.repeat(800_000)}"}`;
    const values = ['5', '70', '8', '1E2', '99', '3', '4', '5', '6', '7', '8', '9'];
    const items = values.map((N) => `{"at":{"N":"${N}"},${filler}}`).join(',');
    expect(items.length).to.be.above(LARGEST_PAGE_BYTES);
    const seen = watch(`[${items}]`, ['at']);
    expect(seen).to.deep.equal({ items: 12, counts: { N: 12 }, largest: { N: '1E2' } });
  });

  it('goes on when the room for names is full', () => {
    const transcoder = openTranscoder(DROPPING_RULES, { path: ['at'], isHidden: false });
    const names = Array.from({ length: 70 }, (_, i) => `${i}-${'n'.repeat(65_000)}`);
    for (const name of names) {
      const page = `[{"${name}":{"N":"1"}},{"at":{"N":"2"}},{"at":{"N":"3"}}]`;
      const { seen } = transcoder.transcode(placeItems(page), EMITTED_AT);
      expect(seen).to.deep.equal({ items: 3, counts: { N: 2 }, largest: { N: '3' } });
    }
  });

  it('fails on a number that is none', () => {
    for (const N of ['x', '', '1-']) {
      expect(() => watch(`[{"at":{"N":"${N}"}}]`, ['at'], DROPPING_RULES)).to.throw(/a number/);
    }
  });

  it('reports nothing where none is watched', () => {
    const result = openTranscoder(ALL).transcode(placeItems(toItems(['{"N":"1"}'])), EMITTED_AT);
    expect(result).to.have.all.keys('lines', 'recordCount');
  });
});

describe('an attribute that was asked for only to be watched', () => {
  it('is in no record and not reported, whatever the items and the config', () => {
    fc.assert(
      fc.property(tableCase({ min: 1, max: 3 }), fc.nat(), ({ rules, pages }, choice) => {
        const names = pages.flatMap((page) =>
          parseItems(page).flatMap((item) => Object.keys(item)),
        );
        const hidden = names.filter((name) => !rules.keys.includes(name))[choice % 3] ?? 'none';
        const transcoder = openTranscoder(rules, { path: [hidden], isHidden: true });
        for (const page of pages) {
          const result = transcoder.transcode(placeItems(page), EMITTED_AT);
          const others = parseItems(page).map((item) =>
            Object.fromEntries(Object.entries(item).filter(([name]) => name !== hidden)),
          );
          checkLines(readText(result), expectRecords(JSON.stringify(others), rules));
          expectSeen(result.seen, page, [hidden]);
        }
        expect(transcoder.listUnlisted().map(({ name }) => name)).not.to.include(hidden);
      }),
      { numRuns: 1000 },
    );
  });
});

function describeRules({ config, schema }: RecordRules): string {
  if (config.format === 'packed') return 'packed';
  return Object.keys(schema).length === 0 ? 'emitted' : 'passed over';
}
