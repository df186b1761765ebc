import { splitNumber } from '../values/decimal.ts';

/**
 * Rewrites a number in JSON's form, with every digit: `+7`, `007` and `.5` become `7`, `7` and `0.5`.
 * Returns undefined when the text is not a number.
 */
export function normaliseNumber(text: string): string | undefined {
  const parts = splitNumber(text);
  if (parts === undefined) return undefined;
  const { isNegative, fraction, exponent } = parts;
  const integer = parts.integer.replace(/^0+/, '');
  return [
    isNegative ? '-' : '',
    integer === '' ? '0' : integer,
    fraction === '' ? '' : `.${fraction}`,
    exponent === undefined ? '' : `E${exponent}`,
  ].join('');
}
