import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson } from '../../../src/json/parse-json.ts';

/** A name as it may be spelt in JSON. */
const name = fc.array(fc.constantFrom('a', 'b', '\\\\', '\\"', '\\n', '\\u0041', 'é', '~', '0'), {
  minLength: 1,
  maxLength: 3,
});

describe('parsing JSON', () => {
  it('keeps names apart that escapes make look alike, however often they have been seen', () => {
    // A string alone is always read right.
    const unescape = (spelt: string): string => JSON.parse(`"${spelt}"`) as string;
    const spelt = fc.array(
      name.map((parts) => parts.join('')),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(spelt, (names) => {
        const members = names.map((text, index) => `"${text}" : ${index}`).join(',');
        const expected = new Map(names.map((text, index) => [unescape(text), index]));
        const parsed = parseJson(`{"pk":1,"in":[{${members}}],"\\\\":2}`) as { in: object[] };
        expect(parsed).to.have.keys('pk', 'in', '\\');
        expect(new Map(Object.entries(parsed.in[0] ?? {}))).to.deep.equal(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('parses what JSON.parse parses, and refuses what it refuses', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).to.deep.equal(JSON.parse(text));
      }),
    );
    for (const text of ['', '{', '{"a\\":1}', '{"\\x":1}', '["\\"]', '{"\\n":1,}', '{"\\n":tru}']) {
      expect(() => parseJson(text), text).to.throw(SyntaxError);
    }
  });

  it('makes a member of each name', () => {
    const parsed = parseJson('{"__proto__":{"\\"":1},"\\u005f_proto__x":2}') as object;
    expect(JSON.stringify(parsed)).to.equal('{"__proto__":{"\\"":1},"__proto__x":2}');
  });

  it('does not mistake strings for names', () => {
    expect(parseJson('["\\"a\\":1", {"a\\n":"b\\n:"}, "~0"]')).to.deep.equal([
      '"a":1',
      { 'a\n': 'b\n:' },
      '~0',
    ]);
  });
});
