import { expect } from 'chai';
import fc from 'fast-check';
import { JsonScanner, knowNames, ScanError } from '../../../src/json/json-scanner.ts';

// Between other bytes, some of which would go on with what is scanned.
const BEFORE = '{"z":';
const BEHIND = '}]",:1';

/** The members of an object as they are read, their values cut out. */
function cut(text: string): readonly (readonly [string, string])[] {
  const bytes = Buffer.from(`${BEFORE}${text}${BEHIND}`);
  const span = { start: BEFORE.length, end: bytes.length - BEHIND.length };
  const scanner = new JsonScanner(bytes, knowNames(['a', 'Item']), span);
  const members: [string, string][] = [];
  scanner.readObject((name) => {
    const { start, end } = scanner.skipValue();
    members.push([name, bytes.toString('utf8', start, end)]);
  });
  scanner.expectEnd();
  return members;
}

describe('the scanner of JSON', () => {
  it('finds the members of any object without blanks', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object);
        const members = cut(text).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
        expect(`{${members.join(',')}}`).to.equal(text);
      }),
    );
  });

  it('refuses what is no object', () => {
    const texts = ['', '{', '}', '[]', '"a"', '{"a"}', '{"a":}', '{"a":1', '{"a":1,}', '{a:1}'];
    texts.push('{"a":1}}', '{"a":1}{"b":2}', '{"a":"}', '{"a":[}', '{"a"1}', '{ "a":1}');
    for (const text of texts) expect(() => cut(text), text).to.throw(ScanError);
  });
});
