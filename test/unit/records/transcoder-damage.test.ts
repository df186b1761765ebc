import { expect } from 'chai';
import fc from 'fast-check';
import { itemOf, wireNames } from './item-arbitraries.ts';
import {
  attempt,
  type BracketedItems,
  checkLines,
  createTranscoder,
  placeItems,
  readData,
  splitLines,
} from './page-of-items.ts';
import { NotDynamoDbJson } from '../../support/reference-decoding.ts';
import { expectRecords, type RecordRules } from './reference-records.ts';
import { COMPLETE_RULES, DROPPING_RULES, pickRules } from './rules-arbitraries.ts';

// Every type, escapes, several items and attributes that come in another order.
const SAMPLE = [
  String.raw`[{"pk":{"S":"a\"\\\u00e9\ud83d\/é😀"},"n":{"N":"-12.50"},"big":{"N":"1E+125"}`,
  String.raw`,"b":{"B":"AAECAw=="},"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true}`,
  String.raw`,"m":{"M":{"x\"":{"L":[{"S":"]}"},{"M":{}},{"L":[]},{"N":"007"}]}}}`,
  String.raw`,"ss":{"SS":["a","b"]},"ns":{"NS":["1","2.5"]},"bs":{"BS":["AA=="]}}`,
  String.raw`,{"n":{"N":"3"},"pk":{"S":"b"}},{"pk":{"S":"c"},"n":{"N":"4"},"m":{"M":{}}}]`,
].join('');

/** What the bytes of an array may be followed by in a buffer. */
const SURROUNDINGS = ['', ',"ScannedCount":1}', '"'.repeat(64), '}]}"}},{"pk":{"S":"x"}}]'];

/**
 * Transcodes bytes that may be damaged: they must lead to an error, or to the records of a plain reading.
 *
 * Where attributes are left out, damage inside them may go unseen; the lines are sound JSON all the same.
 */
function checkDamaged(bytes: Uint8Array, rules: RecordRules, after?: string): void {
  const items = placeItems(bytes, after === undefined ? {} : { after });
  const outcome = attempt(createTranscoder(rules), items);
  if ('error' in outcome) return;
  const expected = readReference(bytes, rules);
  if (expected !== undefined) checkLines(outcome.text, expected);
  else if (rules !== DROPPING_RULES) expect.fail(`no error for ${Buffer.from(bytes).toString()}`);
  else checkSound(outcome.text, outcome.recordCount);
}

function readReference(bytes: Uint8Array, rules: RecordRules) {
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return expectRecords(json, rules);
  } catch (error) {
    if (error instanceof NotDynamoDbJson || error instanceof TypeError) return undefined;
    throw error;
  }
}

function checkSound(text: string, recordCount: number): void {
  const lines = splitLines(text);
  expect(lines).to.have.lengthOf(recordCount);
  for (const line of lines)
    expect(['[]', '["pk"]']).to.include(JSON.stringify(Object.keys(readData(line))));
}

describe('the transcoder, for damaged pages', () => {
  const whole = Buffer.from(SAMPLE);

  for (const rules of [...COMPLETE_RULES, DROPPING_RULES]) {
    const { config } = rules;
    const name = `${config.format}, nested ${config.nestedValues}, numbers as ${config.numberValues}`;
    describe(`with ${config.unlistedAttributes === 'drop' ? 'one attribute listed' : name}`, () => {
      it('reads the whole sample', () => {
        const outcome = attempt(createTranscoder(rules), placeItems(whole));
        if ('error' in outcome) expect.fail(outcome.error);
        checkLines(outcome.text, expectRecords(SAMPLE, rules));
      });

      it('refuses the sample cut off at any byte', () => {
        for (let length = 0; length < whole.length; length++) {
          const outcome = attempt(createTranscoder(rules), placeItems(whole.subarray(0, length)));
          expect(outcome, `${length} bytes`).to.have.property('error');
        }
      });

      it('takes the sample cut off at any byte and closed for what it then says', () => {
        for (let length = 1; length < whole.length; length++) {
          checkDamaged(Buffer.concat([whole.subarray(0, length), Buffer.from(']')]), rules);
        }
      });

      it('takes the sample with any byte lost for what it then says', () => {
        for (let at = 0; at < whole.length; at++) {
          checkDamaged(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]), rules);
        }
      });

      it('takes the sample with any bit flipped for what it then says', () => {
        for (let at = 0; at < whole.length; at++) {
          for (let bit = 0; bit < 8; bit++) {
            const flipped = Buffer.from(whole);
            flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
            checkDamaged(flipped, rules);
          }
        }
      });
    });
  }

  it('takes any items with any bytes replaced for what they then say', () => {
    const replaced = fc.oneof(
      fc.constantFrom(...Buffer.from('"\\{}[]:,SNBML0-.Eu\n')),
      fc.nat({ max: 255 }),
    );
    const damage = fc.array(fc.tuple(fc.nat(), replaced), { minLength: 1, maxLength: 3 });
    const items = wireNames.chain((names) =>
      fc.array(itemOf(names), { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(items, damage, pickRules, (all, changes, rules) => {
        const bytes = Buffer.from(`[${all.join(',')}]`);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        checkDamaged(bytes, rules);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes any row of JSON tokens for what it says', () => {
    const token = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', '"', '\\', '"a":', '{"', '"S":', '"N":', '"M":', '"L":'],
      ...['"BOOL":', '"NULL":', '"SS":', 'true', 'false', 'null', '"x"', '"1"', '{"S":"x"}', '\n'],
      ...['{"L":[', '{"M":{', ']}', '}}', '\\u', '"pk":{"S":"b"}', '},{'],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), pickRules, (tokens, rules) => {
        checkDamaged(Buffer.from(`[{${tokens.join('')}}]`), rules);
        checkDamaged(Buffer.from(`[${tokens.join('')}]`), rules);
      }),
      { numRuns: 4000 },
    );
  });

  it('takes any bytes for what they say', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), pickRules, (bytes, rules) => {
        const brackets = [Buffer.from('[{"pk":{"S":"'), bytes, Buffer.from('"}}]')];
        checkDamaged(Buffer.concat(brackets), rules);
        checkDamaged(bytes, rules);
      }),
      { numRuns: 2000 },
    );
  });

  it('heeds nothing that stands around the items', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 255 }), pickRules, (place, byte, rules) => {
        const bytes = Buffer.from(whole);
        bytes[place % bytes.length] = byte;
        const outcomes = SURROUNDINGS.map((after) =>
          attempt(createTranscoder(rules), placeItems(bytes, { before: after, after })),
        );
        for (const outcome of outcomes) expect(outcome).to.deep.equal(outcomes[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('reads the next page rightly after one that was damaged', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 255 }), pickRules, (place, byte, rules) => {
        const bytes = Buffer.from(whole);
        bytes[place % bytes.length] = byte;
        const transcoder = createTranscoder(rules);
        const sound: BracketedItems = placeItems(whole);
        attempt(transcoder, placeItems(bytes));
        const outcome = attempt(transcoder, sound);
        expect(outcome).to.deep.equal(attempt(createTranscoder(rules), sound));
      }),
      { numRuns: 500 },
    );
  });
});
