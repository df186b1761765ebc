const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const INT64_DIGITS = 19;
const INTEGER = /^[+-]?\d+$/;

/** How many digits a double, the number type of most programs, always preserves. */
const DOUBLE_DIGITS = 15;
const NUMBER = /^[+-]?(\d*)(?:\.(\d*))?(?:E([+-]?\d+))?$/i;

/** Whether a DynamoDB number is whole, written without an exponent, and fits 64 bits. */
export function isInt64(text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Whether a DynamoDB number has more than 15 significant digits, or is beyond the range of 64-bit integers. */
export function isWideNumber(text: string): boolean {
  // Most numbers are short.
  if (text.length <= DOUBLE_DIGITS && !/e/i.test(text)) return false;
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant.length > DOUBLE_DIGITS) return true;
  if (significant === '') return false;
  // Digits before the decimal point, if the number were written without an exponent.
  const wholeDigits = digits.length - fraction.length + Number(exponent);
  if (wholeDigits !== INT64_DIGITS) return wholeDigits > INT64_DIGITS;
  return BigInt(significant.padEnd(INT64_DIGITS, '0')) > INT64_MAX;
}
