import { expect } from 'chai';
import { chooseNext } from '../../../../src/strategies/export/choose-next.ts';

/** In whole seconds, as `from-to`. */
function parseWindows(text: string) {
  return text
    .split(' ')
    .filter((window) => window !== '')
    .map((window) => {
      const [from = 0, to = 0] = window.split('-').map((second) => 1000 * Number(second));
      return { from, to, window };
    });
}

describe('the window that is read next', () => {
  for (const [windows, until, expected] of [
    ['', 3000, undefined],
    ['3-4', 3000, '3-4'],
    ['2-3 4-5', 3000, undefined],
    ['3-4 3-5', 3000, '3-5'],
    ['3-5 3-4', 3000, '3-5'],
    ['3-4 3-5 4-6', 3000, '3-4'],
    ['4-6 3-5 3-4', 3000, '3-4'],
    ['3-4 3-5 4-6 5-7', 3000, '3-5'],
    ['3-4 4-6 3-6', 3000, '3-6'],
    ['3-4 3-4', 3000, '3-4'],
    ['3-4 3-5 4-5 6-9', 3000, '3-5'],
    ['2-8 3-4', 3000, '3-4'],
    ['3-5 3-4', 3608, '3-5'],
    ['4-5', 3608, undefined],
  ] as const) {
    it(`behind ${until} of "${windows}" is ${expected ?? 'none'}`, () => {
      const chosen = chooseNext(parseWindows(windows), until);
      expect(chosen?.window).to.equal(expected);
    });
  }

  it('is one from the second in which everything is read only where none begins then', () => {
    const windows = [
      { from: 3000, to: 9000 },
      { from: 3608, to: 4000 },
    ];
    expect(chooseNext(windows, 3608)).to.equal(windows[1]);
  });

  it('leads on through windows that begin in the second in which another ends', () => {
    const windows = [
      { from: 3000, to: 4500 },
      { from: 3000, to: 5000 },
      { from: 4000, to: 6000 },
    ];
    expect(chooseNext(windows, 3000)).to.equal(windows[0]);
  });
});
