import { expect } from 'chai';
import { wrapText } from '../../../src/text/wrap-text.ts';

describe('wrapped text', () => {
  for (const [text, width, lines] of [
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 13, ['one two three']],
    ['a-longer-word b', 5, ['a-longer-word', 'b']],
    ['b a-longer-word', 5, ['b', 'a-longer-word']],
    ['', 5, ['']],
  ] as const) {
    it(`of "${text}" has lines of at most ${width} characters or of one word`, () => {
      expect(wrapText(text, width)).to.deep.equal(lines);
    });
  }
});
