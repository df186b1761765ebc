/** A number with every digit: `sign` × 0.`digits` × 10^`exponent`. Zero has no digits and exponent 0. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Neither the first nor the last is a zero. */
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const BEGINS_WITH_DIGIT = /^[+-]?\.?\d/;
// A number of DynamoDB has 38 digits at most, and 126 more where its exponent is written out.
const LONGEST_CHARACTERS = 1000;
const ZERO: Decimal = { sign: 0, digits: '', exponent: 0 };

/**
 * The digits that a number of DynamoDB has at most, and the exponents that it may have.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
export const MOST_DIGITS = 38;
const LARGEST_EXPONENT = 126;
const SMALLEST_EXPONENT = -129;
const LARGEST = { digits: '9'.repeat(MOST_DIGITS), exponent: LARGEST_EXPONENT };
const SMALLEST = { digits: '1', exponent: SMALLEST_EXPONENT };

/** The parts of a number as it is written: digits before and behind the point, either perhaps none. */
export interface NumberParts {
  readonly isNegative: boolean;
  readonly integer: string;
  readonly fraction: string;
  /** With its sign, if it has one; absent without an exponent. */
  readonly exponent?: string;
}

/** Takes a number apart, in any form that DynamoDB writes or takes; undefined when it is none. */
export function splitNumber(text: string): NumberParts | undefined {
  if (text.length > LONGEST_CHARACTERS || !BEGINS_WITH_DIGIT.test(text)) return undefined;
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, integer = '', fraction = '', exponent] = parts;
  return { isNegative: sign === '-', integer, fraction, ...(exponent && { exponent }) };
}

/** Reads a number in any form that DynamoDB writes or takes; undefined when it is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = splitNumber(text);
  if (parts === undefined) return undefined;
  const { isNegative, integer, fraction, exponent = '0' } = parts;
  return createDecimal(isNegative ? -1 : 1, integer + fraction, integer.length + Number(exponent));
}

/** Below 0 when the first is smaller, above it when it is larger. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  const byExponent = a.exponent - b.exponent;
  // The digits of both stand behind the same point, where text is ordered as numbers are.
  const byDigits = a.digits < b.digits ? -1 : Number(a.digits > b.digits);
  return a.sign * (byExponent === 0 ? byDigits : byExponent);
}

/** The text of a number that DynamoDB and JSON take: plain where it is short, else with an exponent. */
export function formatDecimal({ sign, digits, exponent }: Decimal): string {
  const minus = sign < 0 ? '-' : '';
  if (sign === 0) return '0';
  if (exponent > MOST_DIGITS || exponent < 0 || digits.length - exponent > MOST_DIGITS) {
    return `${minus}${digits}E${exponent - digits.length}`;
  }
  const integer = digits.slice(0, exponent).padEnd(exponent, '0');
  const fraction = digits.slice(exponent);
  return `${minus}${integer === '' ? '0' : integer}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The difference of two numbers, or the largest number of DynamoDB below it where it has none for it. */
export function subtractRoundingDown(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.digits.length - a.exponent, b.digits.length - b.exponent);
  const difference = toScaled(a, scale) - toScaled(b, scale);
  const digits = String(difference < 0n ? -difference : difference);
  return roundDown(createDecimal(difference < 0n ? -1 : 1, digits, digits.length - scale));
}

function createDecimal(sign: -1 | 1, digits: string, exponent: number): Decimal {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return ZERO;
  const zeros = digits.length - significant.length;
  return { sign, digits: significant.replace(/0+$/, ''), exponent: exponent - zeros };
}

/** The number times 10^scale, which is whole. */
function toScaled({ sign, digits, exponent }: Decimal, scale: number): bigint {
  return BigInt(sign) * BigInt(`0${digits}`) * 10n ** BigInt(scale + exponent - digits.length);
}

function roundDown(number: Decimal): Decimal {
  const { sign, digits, exponent } = number;
  if (sign === 0) return ZERO;
  if (exponent > LARGEST_EXPONENT) return { sign, ...LARGEST };
  if (exponent < SMALLEST_EXPONENT) return sign > 0 ? ZERO : { sign, ...SMALLEST };
  if (digits.length <= MOST_DIGITS) return number;
  const kept = digits.slice(0, MOST_DIGITS);
  if (sign > 0) return createDecimal(sign, kept, exponent);
  const next = String(BigInt(kept) + 1n);
  return createDecimal(sign, next, exponent + next.length - MOST_DIGITS);
}
