import { expect } from 'chai';
import fc from 'fast-check';
import { findDuplicateMembers } from '../../../src/json/duplicate-members.ts';

describe('members that a JSON object has more than once', () => {
  for (const [text, places] of [
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', []],
    ['{"a":1,"b":2,"a":3}', ['a']],
    ['{"a":1,"a":2,"a":3}', ['a']],
    ['{"scan":{"segments" : 1, "segments":2}}', ['scan.segments']],
    ['{"o":[[1,2],{"x":1},{"t":"a,b","t":"\\"{"}]}', ['o.2.t']],
    ['{"a\\u0062":1,"ab":2}', ['ab']],
    ['{"a":"b","c":"a:"}', []],
    ['{"a":null,"b":1,"a": null}', []],
    ['{"a":null,"a":1}', ['a']],
    ['{"a":1,"a":null}', ['a']],
    ['{"a":1,"a":null,"a":null}', ['a']],
    ['{"a":null,"a":"null"}', ['a']],
    ['[]', []],
    ['"a"', []],
  ] as const) {
    it(`are found in ${text}`, () => {
      expect(findDuplicateMembers(text)).to.deep.equal(places);
    });
  }

  it('are not found in what was written by a program', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const written = JSON.stringify(JSON.parse(text));
        expect(findDuplicateMembers(written)).to.deep.equal([]);
      }),
    );
  });
});
