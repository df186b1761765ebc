import { expect } from 'chai';
import fc from 'fast-check';
import { scanMembers } from '../../../src/json/scan-members.ts';

/** The members of an object as their spans cut them out. */
function cut(text: string): readonly (readonly [string, string])[] | undefined {
  const bytes = Buffer.from(text);
  return scanMembers(bytes, 0, bytes.length)?.map((span) => [
    bytes.toString('utf8', span.nameStart - 1, span.nameEnd + 1),
    bytes.toString('utf8', span.valueStart, span.valueEnd),
  ]);
}

describe('the members of an object', () => {
  it('are found in any JSON without blanks', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object);
        const members = cut(text) ?? [];
        expect(`{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`).to.equal(text);
        expect(members).to.have.length(Object.keys(object).length);
      }),
    );
  });

  it('are not found where there is no object', () => {
    const texts = ['', '{', '}', '[]', '"a"', '{"a"}', '{"a":}', '{"a":1', '{"a":1,}', '{a:1}'];
    texts.push('{"a":1}}', '{"a":1}{"b":2}', '{"a":"}', '{"a":[}', '{"a"1}', '{ "a":1}');
    for (const text of texts) expect(cut(text), text).to.equal(undefined);
  });
});
