import { type Cursor, malformed } from './cursor.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const SPACE = 0x20;

// The bytes that may follow a backslash in JSON: " \ / b f n r t u
const ESCAPABLE = new Uint8Array(256);
for (const character of '"\\/bfnrtu') ESCAPABLE[character.charCodeAt(0)] = 1;
const HEXADECIMAL = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') HEXADECIMAL[character.charCodeAt(0)] = 1;

/**
 * Copies a JSON string with both its quotes, byte for byte: escapes that are right on the wire are right in a record.
 *
 * @throws SystemError for a string that is cut off, a raw control character or an escape that JSON does not know.
 */
export function copyString(cursor: Cursor): void {
  const { source, target, end } = cursor;
  let from = cursor.from;
  let to = cursor.to;
  if (source[from] !== QUOTE) throw malformed(from, 'a string');
  target[to++] = QUOTE;
  from++;
  for (;;) {
    const byte = source[from++] ?? 0;
    target[to++] = byte;
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) {
      const escaped = source[from] ?? 0;
      checkEscape(source, from);
      target[to++] = escaped;
      from++;
    } else if (byte < SPACE) throw malformed(from - 1, 'no control character');
  }
  if (from > end) throw malformed(end, 'the end of a string');
  cursor.from = from;
  cursor.to = to;
}

/** Index behind the closing quote of the string that begins at `from`. It throws what `copyString` throws. */
export function findStringEnd(source: Uint8Array, from: number, end: number): number {
  if (source[from] !== QUOTE) throw malformed(from, 'a string');
  let next = from + 1;
  for (;;) {
    const byte = source[next++] ?? 0;
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) checkEscape(source, next++);
    else if (byte < SPACE) throw malformed(next - 1, 'no control character');
  }
  if (next > end) throw malformed(end, 'the end of a string');
  return next;
}

function checkEscape(source: Uint8Array, at: number): void {
  const escaped = source[at] ?? 0;
  if (ESCAPABLE[escaped] !== 1) throw malformed(at, 'an escape of JSON');
  if (escaped !== LOWER_U) return;
  for (let i = 1; i <= 4; i++) {
    if (HEXADECIMAL[source[at + i] ?? 0] !== 1) throw malformed(at + i, 'a hexadecimal digit');
  }
}

/**
 * Copies the text of an `N`, which the wire holds as a string, as a JSON number with every digit.
 *
 * Digits with at most one point, as DynamoDB writes nearly every number, are copied in one pass; any other form is
 * looked at as a whole.
 *
 * @throws SystemError for text that is no number.
 */
export function copyNumber(cursor: Cursor): void {
  const { source, target } = cursor;
  const start = cursor.to;
  let from = cursor.from;
  let to = start;
  if (source[from] !== QUOTE) throw malformed(from, 'a number');
  from++;
  if (source[from] === MINUS) {
    target[to++] = MINUS;
    from++;
  }
  const firstDigit = to;
  let byte = source[from] ?? 0;
  while (byte >= ZERO && byte <= ZERO + 9) {
    target[to++] = byte;
    byte = source[++from] ?? 0;
  }
  const digits = to - firstDigit;
  let isPlain = digits === 1 || (digits > 1 && target[firstDigit] !== ZERO);
  if (byte === DOT) {
    const point = to;
    do {
      target[to++] = byte;
      byte = source[++from] ?? 0;
    } while (byte >= ZERO && byte <= ZERO + 9);
    isPlain &&= to > point + 1;
  }
  if (isPlain && byte === QUOTE && from < cursor.end) {
    cursor.from = from + 1;
    cursor.to = to;
  } else copyOddNumber(cursor);
}

const NUMBER = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A number with an exponent, or in a form that JSON does not know: `+7`, `007`, `.5`, `5.` */
function copyOddNumber(cursor: Cursor): void {
  const end = findStringEnd(cursor.source, cursor.from, cursor.end);
  const text = Buffer.from(cursor.source.subarray(cursor.from + 1, end - 1)).toString('latin1');
  const [, sign = '', integer = '', fraction = '', exponent] = NUMBER.exec(text) ?? [];
  if (!/^[+-]?\.?\d/.test(text) || !NUMBER.test(text)) throw malformed(cursor.from, 'a number');
  const normalised = [
    sign === '-' ? '-' : '',
    integer === '' ? '0' : integer,
    fraction === '' ? '' : `.${fraction}`,
    exponent === undefined ? '' : `E${exponent}`,
  ].join('');
  cursor.to += cursor.target.write(normalised, cursor.to, 'latin1');
  cursor.from = end;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const SURE_DIGITS = 18;

/** Whether the number text in `target` from `start` to `end` is an integer of 64 bits. */
export function isInt64(target: Buffer, start: number, end: number): boolean {
  for (let i = target[start] === MINUS ? start + 1 : start; i < end; i++) {
    const byte = target[i] ?? 0;
    if (byte < ZERO || byte > ZERO + 9) return false;
  }
  if (end - start <= SURE_DIGITS) return true;
  const value = BigInt(target.toString('latin1', start, end));
  return value >= INT64_MIN && value <= INT64_MAX;
}
