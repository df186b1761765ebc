import { expect } from 'chai';
import {
  attempt,
  createTranscoder,
  EMITTED_AT,
  placeItems,
  STREAM,
  transcodeText,
} from './page-of-items.ts';
import type { RecordRules } from './reference-records.ts';

const ALL: RecordRules = {
  config: {
    format: 'columns',
    nestedValues: 'json',
    numberValues: 'number',
    unlistedAttributes: 'emit',
  },
  schema: {},
  keys: ['pk', 'sk'],
};

function rulesOf(
  config: Partial<RecordRules['config']>,
  properties?: Readonly<Record<string, unknown>>,
): RecordRules {
  return { ...ALL, config: { ...ALL.config, ...config }, schema: properties ? { properties } : {} };
}

/** The data of the records that these items become, a line each. */
function dataOf(items: string, rules: RecordRules = ALL): readonly string[] {
  const text = transcodeText(createTranscoder(rules), placeItems(`[${items}]`));
  const prefix = `{"type":"RECORD","record":{"stream":"${STREAM}","data":`;
  const suffix = `,"emitted_at":${EMITTED_AT}}}`;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      expect(line.startsWith(prefix) && line.endsWith(suffix), line).to.equal(true);
      return line.slice(prefix.length, -suffix.length);
    });
}

const NESTED = '{"m":{"M":{"a":{"N":"1.50"},"l":{"L":[{"S":"q\\"\\\\"},{"NULL":true}]}}}}';

describe('the forms of a record', () => {
  const values: readonly (readonly [string, string])[] = [
    ['{"S":"a"}', '"a"'],
    ['{"S":""}', '""'],
    [String.raw`{"S":"\u00e9\n\/\ud83d"}`, String.raw`"\u00e9\n\/\ud83d"`],
    ['{"N":"12345678901234567890123456789012345678"}', '12345678901234567890123456789012345678'],
    ['{"N":"-0.10"}', '-0.10'],
    ['{"N":"1E+125"}', '1E+125'],
    ['{"N":"1e-7"}', '1E-7'],
    ['{"N":"+7"}', '7'],
    ['{"N":"007"}', '7'],
    ['{"N":"-007"}', '-7'],
    ['{"N":"000"}', '0'],
    ['{"N":".5"}', '0.5'],
    ['{"N":"-.5"}', '-0.5'],
    ['{"N":"5."}', '5'],
    ['{"N":"+00.50E+03"}', '0.50E+03'],
    ['{"B":"AAEC/w=="}', '"AAEC/w=="'],
    ['{"BOOL":true}', 'true'],
    ['{"BOOL":false}', 'false'],
    ['{"NULL":true}', 'null'],
    ['{"M":{}}', '{}'],
    ['{"M":{"x":{"N":"1"},"":{"S":"b"}}}', '{"x":1,"":"b"}'],
    ['{"L":[]}', '[]'],
    ['{"L":[{"N":"1"},{"S":"b"},{"L":[]}]}', '[1,"b",[]]'],
    ['{"SS":["a","b"]}', '["a","b"]'],
    ['{"NS":["1","+2",".5"]}', '[1,2,0.5]'],
    ['{"BS":["AA==","AQ=="]}', '["AA==","AQ=="]'],
  ];
  for (const [value, json] of values) {
    it(`writes ${value} as ${json}`, () => {
      expect(dataOf(`{"a":${value}}`)).to.deep.equal([`{"a":${json}}`]);
    });
  }

  it('keeps the order of the attributes, and an item without any', () => {
    expect(
      dataOf('{"b":{"S":"1"},"a":{"S":"2"}},{"a":{"S":"3"}},{},{"b":{"S":"4"}}'),
    ).to.deep.equal(['{"b":"1","a":"2"}', '{"a":"3"}', '{}', '{"b":"4"}']);
  });

  it('writes numbers as text, in sets and maps too', () => {
    const items = '{"n":{"N":"+1.50"},"s":{"NS":["1","02"]},"m":{"M":{"n":{"N":"-.5"}}}}';
    expect(dataOf(items, rulesOf({ numberValues: 'string' }))).to.deep.equal([
      '{"n":"1.50","s":["1","2"],"m":{"n":"-0.5"}}',
    ]);
  });

  it('writes maps, lists and sets as JSON text', () => {
    const items = `{"s":{"S":"x"},"ss":{"SS":["a"]},"l":{"L":[]},${NESTED.slice(1)}`;
    const [data = ''] = dataOf(items, rulesOf({ nestedValues: 'string' }));
    const inner = String.raw`{"a":1.50,"l":["q\"\\",null]}`;
    expect(data).to.equal(
      `{"s":"x","ss":${JSON.stringify('["a"]')},"l":"[]","m":${JSON.stringify(inner)}}`,
    );
  });

  it('writes the keys and the whole item in packed records', () => {
    const items = '{"pk":{"S":"k"},"n":{"N":"1"},"sk":{"N":"2"}},{"n":{"N":"3"}}';
    expect(dataOf(items, rulesOf({ format: 'packed' }))).to.deep.equal([
      '{"pk":"k","sk":2,"data":{"pk":"k","n":1,"sk":2}}',
      '{"data":{"n":3}}',
    ]);
    expect(
      dataOf(items, rulesOf({ format: 'packed', nestedValues: 'string' }, { data: {} })),
    ).to.deep.equal([
      String.raw`{"data":"{\"pk\":\"k\",\"n\":1,\"sk\":2}"}`,
      String.raw`{"data":"{\"n\":3}"}`,
    ]);
    expect(dataOf(items, rulesOf({ format: 'packed' }, { pk: {} }))).to.deep.equal([
      '{"pk":"k"}',
      '{}',
    ]);
  });

  it('leaves out what the schema does not list, unless it is to be emitted', () => {
    const items = '{"a":{"S":"1"},"b":{"M":{"a":{"S":"}"}}},"__proto__":{"N":"2"}}';
    const drop = rulesOf({ unlistedAttributes: 'drop' }, { a: {} });
    const emit = rulesOf({ unlistedAttributes: 'emit' }, { a: {} });
    expect(dataOf(items, drop)).to.deep.equal(['{"a":"1"}']);
    expect(dataOf(items, emit)).to.deep.equal(['{"a":"1","b":{"a":"}"},"__proto__":2}']);
  });

  it('sums what is not listed by name, however the name is spelled', () => {
    const transcoder = createTranscoder(rulesOf({}, { b: {} }));
    const items = String.raw`[{"a":{"N":"5"}},{"\u0061":{"N":"5"}},{"a":{"S":""}}]`;
    transcoder.transcode(placeItems(items), EMITTED_AT);
    expect(transcoder.listUnlisted()).to.deep.equal([
      { name: 'a', isListed: false, valuesByType: { N: 2, S: 1 } },
    ]);
  });

  it('counts numbers beyond 64 bits apart where integers are listed', () => {
    const numbers = [
      '1',
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775809',
      '1.5',
    ];
    const items = numbers.map((text) => `{"a":{"N":"${text}"}}`).join(',');
    const transcoder = createTranscoder(rulesOf({}, { a: { type: ['integer', 'null'] } }));
    transcoder.transcode(placeItems(`[${items}]`), EMITTED_AT);
    expect(transcoder.listUnlisted()).to.deep.equal([
      {
        name: 'a',
        isListed: true,
        valuesByType: { 'N beyond a 64-bit integer': 2, 'N with a fraction': 1 },
      },
    ]);
  });

  it('counts numbers with a fraction apart where integers are listed, whatever their exponent', () => {
    const forms: readonly (readonly [string, boolean])[] = [
      ...([
        ['19.99', true],
        ['-0.5', true],
        ['5.0', true],
        ['.5', true],
        ['1E-3', true],
      ] as const),
      ...([
        ['1.25E+1', true],
        ['123456789012345678901.5', true],
      ] as const),
      ...([
        ['1E+30', false],
        ['1.5E+30', false],
        ['9.99e125', false],
        ['1E0000000030', false],
      ] as const),
    ];
    for (const [text, isFraction] of forms) {
      const transcoder = createTranscoder(rulesOf({}, { a: { type: 'integer' } }));
      transcoder.transcode(placeItems(`[{"a":{"N":"${text}"}}]`), EMITTED_AT);
      const type = isFraction ? 'N with a fraction' : 'N beyond a 64-bit integer';
      expect(transcoder.listUnlisted()[0]?.valuesByType, text).to.deep.equal({ [type]: 1 });
    }
  });

  it('refuses pages that are not one array of items', () => {
    const item = '{"a":{"S":"x"}}';
    const pages = [
      ...['', '[', ']', '{}', 'null', item, `${item}]`, `[${item}`, `[${item},]`, `[,${item}]`],
      ...[`[${item}]]`, `[[${item}]]`, `[${item}]${item}]`, `[${item}][${item}]`, `[${item} ]`],
      ...[`[${item}${item}]`, `[${item};${item}]`, '[null]', '["a"]', '[1]', '[[]]', '[{}},{}]'],
    ];
    for (const page of pages) {
      expect(attempt(createTranscoder(ALL), placeItems(page)), page).to.have.property('error');
    }
  });

  const malformed = [
    ...['null', '"x"', '{}', '{"S":5}', '{"S":null}', '{"S":"x"', '{"S":"x"}}', '{"X":"x"}'],
    ...['{"s":"x"}', '{"S":"x","N":"1"}', '{ "S":"x"}', '{"S": "x"}', '{"N":5}', '{"N":""}'],
    ...['{"N":"-"}', '{"N":"."}', '{"N":"1.2.3"}', '{"N":"1E"}', '{"N":"E5"}', '{"N":"0x10"}'],
    ...['{"N":"NaN"}', '{"N":"Infinity"}', '{"N":" 1"}', '{"N":"1,5"}', '{"N":"--1"}', '{"N":"١"}'],
    ...['{"BOOL":"true"}', '{"BOOL":1}', '{"BOOL":True}', '{"NULL":false}', '{"NULL":null}'],
    ...[
      '{"M":[]}',
      '{"M":{"a":1}}',
      '{"M":{"a"}}',
      '{"M":{a:{"S":"x"}}}',
      '{"M":{"a":{"S":"x"},}}',
    ],
    ...['{"L":{}}', '{"L":["x"]}', '{"L":[{"S":"x"},]}', '{"L":[{"S":"x"}{"S":"y"}]}', '{"L":[}'],
    ...['{"SS":"x"}', '{"SS":[1]}', '{"SS":["a",]}', '{"NS":[1]}', '{"NS":["x"]}', '{"BS":[{}]}'],
    ...[String.raw`{"S":"\x"}`, String.raw`{"S":"\u12g4"}`, String.raw`{"S":"\u12"}`, '{"S":"\n"}'],
    ...['{"S":"\u0000"}', '{"BOO":true}', '{"NULL:true}', '{"LS":[]}', '{"":"x"}', "{'S':'x'}"],
  ];
  for (const value of malformed) {
    it(`refuses the value ${JSON.stringify(value).slice(1, -1)}`, () => {
      for (const rules of [
        ALL,
        rulesOf({ format: 'packed' }),
        rulesOf({ nestedValues: 'string' }),
      ]) {
        for (const page of [`[{"a":${value}}]`, `[{"a":{"L":[${value}]},"b":{"S":"x"}}]`]) {
          const outcome = attempt(createTranscoder(rules), placeItems(page));
          expect(outcome, page).to.have.property('error');
        }
      }
    });
  }

  it('refuses bytes that are no UTF-8', () => {
    for (const bytes of [
      [0xff],
      [0xc3],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xc0, 0xaf],
    ]) {
      const page = [Buffer.from('[{"a":{"S":"'), Buffer.from(bytes), Buffer.from('"}}]')];
      const outcome = attempt(createTranscoder(ALL), placeItems(Buffer.concat(page)));
      expect(outcome).to.have.property('error').that.includes('UTF-8');
    }
  });

  it('refuses a byte that is no UTF-8 wherever it stands, in what is emitted and what is left out', () => {
    const text = 'x'.repeat(100);
    const lists = '['.repeat(50) + ']'.repeat(50);
    const value = `{"M":{"n":{"N":"1.5"},"l":{"L":[{"S":"${text}"},{"BOOL":true},{"NULL":true}]}}}`;
    const item = `{"pk":{"S":"a"},"in":${value},"out":${value},"odd":{"N":"1e5"},"b":{"L":[${lists}]}}`;
    const items = Buffer.from(`[${item},${item}]`);
    for (const format of ['columns', 'packed'] as const) {
      const rules = rulesOf({ format, unlistedAttributes: 'drop' }, { pk: {}, in: {}, odd: {} });
      for (let at = 1; at < items.length - 1; at++) {
        const damaged = Buffer.concat([
          items.subarray(0, at),
          Buffer.from([0xff]),
          items.subarray(at),
        ]);
        const fresh = createTranscoder(rules);
        expect(attempt(fresh, placeItems(damaged)), `at ${at}`).to.have.property('error');
        const warm = createTranscoder(rules);
        expect(attempt(warm, placeItems(items))).not.to.have.property('error');
        expect(attempt(warm, placeItems(damaged)), `at ${at}`).to.have.property('error');
      }
    }
  });

  it('tells where a page is damaged, and never what it holds', () => {
    const outcome = attempt(createTranscoder(ALL), placeItems('[{"a":{"S":"topsecret}}]'));
    expect(outcome)
      .to.have.property('error')
      .that.matches(/at byte \d+/);
    expect(JSON.stringify(outcome)).not.to.include('topsecret');
  });
});
