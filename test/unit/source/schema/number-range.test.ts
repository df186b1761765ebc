import { expect } from 'chai';
import { isInt64, isWideNumber } from '../../../../src/source/schema/number-range.ts';

/** Text of a number, whether it is an integer of 64 bits, and whether it is wide. */
const NUMBERS: readonly (readonly [string, boolean, boolean])[] = [
  ['0', true, false],
  ['-0', true, false],
  ['+7', true, false],
  ['0.000', false, false],
  ['19.99', false, false],
  ['999999999999999', true, false],
  ['-999999999999999', true, false],
  ['1234567890123456', true, true],
  ['1000000000000000000', true, false],
  ['000000000000000000000000000001', true, false],
  ['9223372036854775807', true, true],
  ['9223372036854775808', false, true],
  ['-9223372036854775808', true, true],
  ['9000000000000000000', true, false],
  ['9300000000000000000', false, true],
  ['-9300000000000000000', false, true],
  ['10000000000000000000', false, true],
  ['1E18', false, false],
  ['9.2E+18', false, false],
  ['9.3e18', false, true],
  ['1E+100', false, true],
  ['1E-130', false, false],
  ['0.0000000000000000000001', false, false],
  ['0.1234567890123456', false, true],
  ['123456789.123456', false, false],
  ['123456789.1234567', false, true],
  ['.5', false, false],
  ['5.', false, false],
  ['no number', false, false],
];

describe('the range of a number', () => {
  for (const [text, isInteger, isWide] of NUMBERS) {
    it(`of ${text}`, () => {
      expect({ isInteger: isInt64(text), isWide: isWideNumber(text) }).to.deep.equal({
        isInteger,
        isWide,
      });
    });
  }
});
