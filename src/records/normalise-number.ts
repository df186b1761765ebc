const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const BEGINS_WITH_DIGIT = /^[+-]?\.?\d/;

// A DynamoDB number has at most 38 digits, and 126 more if its exponent is written out.
const LONGEST_NUMBER_CHARACTERS = 1000;

/**
 * Rewrites a number in JSON's form, with every digit: `+7`, `007` and `.5` become `7`, `7` and `0.5`.
 * Returns undefined when the text is not a number.
 */
export function normaliseNumber(text: string): string | undefined {
  if (text.length > LONGEST_NUMBER_CHARACTERS || !BEGINS_WITH_DIGIT.test(text)) return undefined;
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, digits = '', fraction = '', exponent] = parts;
  const integer = digits.replace(/^0+/, '');
  return [
    sign === '-' ? '-' : '',
    integer === '' ? '0' : integer,
    fraction === '' ? '' : `.${fraction}`,
    exponent === undefined ? '' : `E${exponent}`,
  ].join('');
}
