import { expect } from 'chai';
import fc from 'fast-check';
import { compareValues } from '../../../src/values/compare-values.ts';
import {
  compareDecimals,
  type Decimal,
  formatDecimal,
  MOST_DIGITS,
  parseDecimal,
  subtractRoundingDown,
} from '../../../src/values/decimal.ts';
import { numberText } from '../records/item-arbitraries.ts';

// Beyond every digit behind a point that a number of DynamoDB may have, with its exponent.
const SCALE = 400;

function parse(text: string): Decimal {
  return parseDecimal(text) ?? expect.fail(`${text} is no number`);
}

function toScaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toUpperCase().split('E');
  const [integer = '', fraction = ''] = mantissa.replace(/[+-]/, '').split('.');
  const scaled =
    BigInt(`0${integer}${fraction}`) * 10n ** BigInt(SCALE + Number(exponent) - fraction.length);
  return text.startsWith('-') ? -scaled : scaled;
}

const inRange = numberText.filter((text) => {
  const { sign, exponent } = parse(text);
  return sign === 0 || (exponent <= 126 && exponent >= -129);
});

describe('numbers with every digit', () => {
  it('are compared as their values are, in whatever form', () => {
    fc.assert(
      fc.property(numberText, numberText, (a, b) => {
        const [first, second] = [toScaled(a), toScaled(b)];
        const expected = first < second ? -1 : Number(first > second);
        expect(Math.sign(compareDecimals(parse(a), parse(b)))).to.equal(expected);
        expect(Math.sign(compareValues('N', a, b))).to.equal(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('are written as DynamoDB and JSON take them, with the same value', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const written = formatDecimal(parse(text));
        expect(toScaled(written)).to.equal(toScaled(text));
        expect(JSON.parse(written)).to.be.a('number');
      }),
      { numRuns: 2000 },
    );
  });

  it('are subtracted exactly, or rounded down to a number that DynamoDB has', () => {
    fc.assert(
      fc.property(inRange, inRange, (a, b) => {
        const { sign, digits, exponent } = subtractRoundingDown(parse(a), parse(b));
        const text = formatDecimal({ sign, digits, exponent });
        const exact = toScaled(a) - toScaled(b);
        const rounded = toScaled(text);
        expect(digits.length).to.be.at.most(MOST_DIGITS);
        if (sign !== 0) expect(exponent).to.be.within(-129, 126);
        const isFar = exponent === 126 && digits === '9'.repeat(MOST_DIGITS);
        if (isFar) return;
        expect(rounded <= exact).to.equal(true);
        // What is lost is less than one of the last digit that there may be.
        const last = 10n ** BigInt(Math.max(0, SCALE + exponent - MOST_DIGITS));
        const smallest = 10n ** BigInt(SCALE - 130);
        expect(exact - rounded < (last > smallest ? last : smallest)).to.equal(true);
      }),
      { numRuns: 3000 },
    );
  });

  for (const [a, b, difference] of [
    ['100', '1', '99'],
    ['0', '0', '0'],
    ['5', '5', '0'],
    ['1', '1000', '-999'],
    ['0.5', '0.25', '0.25'],
    ['99999999999999999999999999999999999999', '0.1', '99999999999999999999999999999999999998'],
    ['-99999999999999999999999999999999999999', '0.1', '-100000000000000000000000000000000000000'],
    ['1E+125', '1', '9.9999999999999999999999999999999999999E+124'],
    ['-9.9E+125', '9.9E+125', '-9.9999999999999999999999999999999999999E+125'],
    ['1.5E-130', '1.2E-130', '0'],
    ['1.2E-130', '1.5E-130', '-1E-130'],
  ] as const) {
    it(`${a} - ${b} is ${difference}`, () => {
      const result = subtractRoundingDown(parse(a), parse(b));
      expect(compareDecimals(result, parse(difference)), formatDecimal(result)).to.equal(0);
    });
  }

  for (const text of ['', '-', '.', 'x', '1x', '1e', 'NaN', '0x10', ' 1', `1${'0'.repeat(1000)}`]) {
    it(`are none: ${JSON.stringify(text.slice(0, 10))}`, () => {
      expect(parseDecimal(text)).to.equal(undefined);
    });
  }
});

describe('texts', () => {
  it('are compared by their UTF-8 bytes, as JavaScript does not', () => {
    expect(compareValues('S', '\uffff', '😀')).to.be.below(0);
    expect(compareValues('S', 'a', 'a!')).to.be.below(0);
    expect(compareValues('S', 'Z', 'a')).to.be.below(0);
    expect(compareValues('S', '10', '9')).to.be.below(0);
  });
});
