const NUMBER = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const BEGINS_WITH_DIGIT = /^[+-]?\.?\d/;

/**
 * The text of a number in JSON's form, with every digit: `+7`, `007` and `.5` become `7`, `7` and `0.5`.
 * Undefined when it is no number.
 */
export function normaliseNumber(text: string): string | undefined {
  const parts = NUMBER.exec(text);
  if (parts === null || !BEGINS_WITH_DIGIT.test(text)) return undefined;
  const [, sign, integer, fraction = '', exponent] = parts;
  return [
    sign === '-' ? '-' : '',
    integer === '' ? '0' : integer,
    fraction === '' ? '' : `.${fraction}`,
    exponent === undefined ? '' : `E${exponent}`,
  ].join('');
}
