import { expect } from 'chai';
import fc from 'fast-check';
import { cleanInput } from '../../../src/config/clean-input.ts';

describe('cleaning an input', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['trims strings', ' a\n', 'a'],
    ['trims strings at any depth', { a: [{ b: '\tc ' }] }, { a: [{ b: 'c' }] }],
    ['leaves out empty and blank strings', { a: '', b: ' \n', c: 'd' }, { c: 'd' }],
    ['leaves out nulls', { a: null, b: [null, 1] }, { b: [1] }],
    ['leaves out what is undefined', { a: undefined }, {}],
    ['leaves out blanks of a list', ['', 'a', ' '], ['a']],
    ['keeps zero and false', { a: 0, b: false, c: [0] }, { a: 0, b: false, c: [0] }],
    ['keeps objects and lists that became empty', { a: { b: '' }, c: [''] }, { a: {}, c: [] }],
    ['keeps blanks within a string', ' a b ', 'a b'],
    ['keeps scalars', 5, 5],
  ];
  for (const [name, input, cleaned] of cases) {
    it(name, () => {
      expect(cleanInput(input)).to.deep.equal(cleaned);
    });
  }

  it('keeps a member called __proto__ a member', () => {
    const cleaned = cleanInput(JSON.parse('{"__proto__":{"a":" b "}}')) as object;
    expect(Object.entries(cleaned)).to.deep.equal([['__proto__', { a: 'b' }]]);
  });

  it('finds nothing more to clean in what is clean', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const cleaned = cleanInput(value);
        expect(cleanInput(cleaned)).to.deep.equal(cleaned);
      }),
    );
  });
});
