import { expect } from 'chai';
import fc from 'fast-check';
import type { ItemBytes, ItemRun } from '../../../src/item-page.ts';
import {
  createEngine,
  EMITTED_AT,
  openSession,
  readText,
  splitLines,
  STREAM,
  toOptions,
  lendLargest,
} from './page-of-items.ts';
import type { RecordRules } from './reference-records.ts';
import { COMPLETE_RULES, DROPPING_RULES } from './rules-arbitraries.ts';
import { tableCase } from './rules-arbitraries.ts';

const PREFIX = `{"type":"RECORD","record":{"stream":"${STREAM}","data":`;
const SUFFIX = `,"emitted_at":${EMITTED_AT}}}\n`;
const COLUMNS = '"_ab_cdc_cursor":17,"_ab_cdc_deleted_at":null';
const [ALL = DROPPING_RULES] = COMPLETE_RULES;
const PACKED = COMPLETE_RULES.find(({ config }) => config.format === 'packed') ?? ALL;
const PACKED_TEXT =
  COMPLETE_RULES.find(
    ({ config }) => config.format === 'packed' && config.nestedValues === 'string',
  ) ?? ALL;

const engine = await createEngine(2);
const slot = lendLargest(engine);
const [output] = engine.outputs;

/** Items and what their records are to have beside. */
interface Piece {
  readonly items: string;
  readonly columns?: string;
}

/** Lays runs into one buffer with other bytes about them; in a slot when asked for. */
function layOut(pieces: readonly Piece[], isInSlot: boolean, between = '}},{"x":['): ItemBytes {
  const runs: ItemRun[] = [];
  let text = between;
  for (const { items, columns } of pieces) {
    const start = Buffer.byteLength(text);
    text += items;
    const end = Buffer.byteLength(text);
    text += between;
    runs.push({ start, end, ...(columns !== undefined && { columns: Buffer.from(columns) }) });
  }
  if (!isInSlot) return { bytes: Buffer.from(text), runs };
  return { bytes: slot.subarray(0, slot.write(text)), runs };
}

function transcode(page: ItemBytes, rules: RecordRules): string {
  if (output === undefined) throw new Error('no output');
  const before = Buffer.from(page.bytes);
  try {
    const session = openSession(toOptions(rules), engine);
    return readText(session.transcode(page, output, EMITTED_AT));
  } finally {
    expect(before.equals(page.bytes), 'the page is as it was').to.equal(true);
  }
}

/** What one run's records have, from each of its items alone. */
function transcodeAlone({ items, columns }: Piece, rules: RecordRules): string {
  const text = transcode(layOut([{ items }], false), rules);
  if (columns === undefined) return text;
  const lines = splitLines(text).map((line) => {
    const end = line.lastIndexOf(`}${SUFFIX.slice(0, -1)}`);
    const comma = line[end - 1] === '{' ? '' : ',';
    return `${line.slice(0, end)}${comma}${columns}${line.slice(end)}\n`;
  });
  return lines.join('');
}

describe('the runs of a page', () => {
  for (const isInSlot of [true, false]) {
    it(`become records one after the other, ${isInSlot ? 'in a slot' : 'elsewhere'}`, () => {
      const anyPage = tableCase({ min: 1, max: 6 });
      const anyColumns = fc.array(fc.constantFrom(COLUMNS, undefined, '"c":"x"', ''));
      const anyBetween = fc.constantFrom(',', '', ']', '"', '}},{"x":[', 'x'.repeat(200));
      fc.assert(
        fc.property(anyPage, anyColumns, anyBetween, ({ rules, pages }, columns, between) => {
          const pieces = pages
            .filter((page) => page !== '[]')
            .map((page, index): Piece => {
              const own = columns[index];
              return { items: page.slice(1, -1), ...(own !== undefined && { columns: own }) };
            });
          const expected = pieces.map((piece) =>
            transcodeAlone(piece.columns === '' ? { items: piece.items } : piece, rules),
          );
          const text = transcode(layOut(pieces, isInSlot, between), rules);
          expect(text).to.equal(expected.join(''));
        }),
        { numRuns: 500 },
      );
    });
  }

  const forms: readonly (readonly [string, RecordRules, string, string])[] = [
    ['behind the columns of the item', ALL, '{"a":{"N":"1"}}', `{"a":1,${COLUMNS}}`],
    ['alone when the item is empty', ALL, '{}', `{${COLUMNS}}`],
    ['alone when nothing is listed', DROPPING_RULES, '{"a":{"N":"1"}}', `{${COLUMNS}}`],
    ['behind data', PACKED, '{"pk":{"S":"k"}}', `{"pk":"k","data":{"pk":"k"},${COLUMNS}}`],
    ['behind data alone', PACKED_TEXT, '{}', `{"data":"{}",${COLUMNS}}`],
    ['behind a value that ends in a brace', ALL, '{"a":{"S":"{"}}', `{"a":"{",${COLUMNS}}`],
  ];
  for (const [name, rules, item, data] of forms) {
    it(`have their columns ${name}`, () => {
      for (const isInSlot of [true, false]) {
        const page = layOut([{ items: `${item},${item}`, columns: COLUMNS }], isInSlot);
        expect(transcode(page, rules)).to.equal(`${PREFIX}${data}${SUFFIX}`.repeat(2));
      }
    });
  }

  it('are many in a page of changes', () => {
    const pieces = Array.from({ length: 1000 }, (_, index) => ({
      items: `{"pk":{"S":"${index}"}}`,
      columns: `"cursor":${index}`,
    }));
    const expected = pieces.map(
      (_, index) => `${PREFIX}{"pk":"${index}","cursor":${index}}${SUFFIX}`,
    );
    expect(transcode(layOut(pieces, true), ALL)).to.equal(expected.join(''));
  });

  it('fill an output however long their columns are', () => {
    const columns = `"c":"${'c'.repeat(8000)}"`;
    const count = 6000;
    const piece = { items: Array<string>(count).fill('{}').join(','), columns };
    const tiny = { items: Array<string>(1000).fill('{}').join(',') };
    const text = transcode(layOut([tiny, piece, tiny], true), ALL);
    const empty = `${PREFIX}{}${SUFFIX}`.repeat(1000);
    const expected = `${empty}${`${PREFIX}{${columns}}${SUFFIX}`.repeat(count)}${empty}`;
    expect(text === expected).to.equal(true);
  });

  it('refuse columns that are too long instead of cutting them', () => {
    const session = openSession(toOptions(ALL), engine);
    const page = layOut([{ items: '{}', columns: `"c":"${'c'.repeat(9000)}"` }], true);
    if (output === undefined) expect.fail();
    expect(() => session.transcode(page, output, EMITTED_AT)).to.throw(RangeError);
  });

  it('refuse places that do not lie in the page', () => {
    const bytes = Buffer.from('{}');
    for (const [start, end] of [
      [0, 3],
      [-1, 2],
      [2, 1],
    ] as const) {
      expect(() => transcode({ bytes, runs: [{ start, end }] }, ALL)).to.throw(RangeError);
    }
  });

  it('leave the page as it was when one of them is damaged', () => {
    const pieces = [{ items: '{"a":{"S":"x"}}' }, { items: '{"a":{"S":"x"}' }, { items: '{}' }];
    expect(() => transcode(layOut(pieces, true), ALL)).to.throw('DynamoDB JSON');
    expect(() => transcode({ bytes: slot, runs: [{ start: 5, end: 5 }] }, ALL)).to.throw(
      'DynamoDB JSON',
    );
  });

  it('may each be too long to be copied', () => {
    const long = `{"a":{"S":"${'é'.repeat(2_500_000)}"}}`;
    const pieces = [
      { items: '{"b":{"N":"1"}}', columns: '"c":1' },
      { items: `${long},{"b":{"N":"2"}}`, columns: '"c":2' },
      { items: '{"b":{"N":"3"}}' },
      { items: long, columns: '"c":4' },
    ];
    const text = transcode(layOut(pieces, false), ALL);
    const longData = `"a":"${'é'.repeat(2_500_000)}"`;
    const data = [
      ...['"b":1,"c":1', `${longData},"c":2`, '"b":2,"c":2', '"b":3', `${longData},"c":4`],
    ];
    const expected = data.map((members) => `${PREFIX}{${members}}${SUFFIX}`).join('');
    expect(text === expected).to.equal(true);
  });

  it('may have other bytes between their items than a comma', () => {
    const separator = Buffer.from('}\n{"Item":');
    const lines = ['{"a":{"S":"x}"}}', '{}', '{"a":{"N":"1"}}'];
    const text = lines.join(String(separator));
    for (const bytes of [Buffer.from(text), slot.subarray(0, slot.write(text))]) {
      const runs = [{ start: 0, end: bytes.length, separator, columns: Buffer.from(COLUMNS) }];
      const expected = transcodeAlone({ items: lines.join(','), columns: COLUMNS }, ALL);
      expect(transcode({ bytes, runs }, ALL)).to.equal(expected);
    }
    // A run with commas behind it has commas again.
    expect(transcode(layOut([{ items: '{},{}' }], false), ALL).split('\n')).to.have.length(3);
  });

  it('are refused where other bytes stand between their items', () => {
    const separator = Buffer.from('}\n{"Item":');
    for (const between of [',', '}\n{"Items":', '}\n{"Item"', '']) {
      const bytes = Buffer.from(`{}${between}{}`);
      const runs = [{ start: 0, end: bytes.length, separator }];
      expect(() => transcode({ bytes, runs }, ALL), between).to.throw('not DynamoDB JSON');
    }
  });
});
