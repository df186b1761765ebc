import { expect } from 'chai';
import fc from 'fast-check';
import { compileGlob, isGlob } from '../../../src/config/glob.ts';

/** Whether a glob matches, by trying everything that a star may stand for. */
function matches(glob: string, name: string): boolean {
  if (glob === '') return name === '';
  if (glob.startsWith('*')) {
    return matches(glob.slice(1), name) || (name !== '' && matches(glob, name.slice(1)));
  }
  if (name === '') return false;
  const fits = glob.startsWith('?') || name.startsWith(glob.charAt(0));
  return fits && matches(glob.slice(1), name.slice(1));
}

describe('a glob', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['orders', 'orders', true],
    ['orders', 'Orders', false],
    ['orders', 'orders2', false],
    ['orders', 'my-orders', false],
    ['*', 'anything', true],
    ['order*', 'order', true],
    ['order*', 'orders-2024', true],
    ['*-2024', 'orders-2024', true],
    ['a*c', 'abc', true],
    ['a*c', 'abcd', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['a-c_d.e', 'a-c_d.e', true],
    ['(a|b)+[c]{2}^$\\', '(a|b)+[c]{2}^$\\', true],
    ['a*', 'a\nb', true],
  ];
  for (const [glob, name, isMatch] of cases) {
    it(`${JSON.stringify(glob)} ${isMatch ? 'matches' : 'does not match'} ${JSON.stringify(name)}`, () => {
      expect(compileGlob(glob)(name)).to.equal(isMatch);
    });
  }

  it('matches what trying every possibility matches', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 6 });
    fc.assert(
      fc.property(glob, name, (pattern, text) => {
        expect(compileGlob(pattern)(text)).to.equal(matches(pattern, text));
      }),
      { numRuns: 1000 },
    );
  });

  it('is told from a name by its stars and question marks', () => {
    expect(['a*', '?', 'a*b'].every(isGlob)).to.equal(true);
    expect(['', 'orders', 'a.b-c_d', 'arn:aws:dynamodb:x:1:table/t'].some(isGlob)).to.equal(false);
  });
});
