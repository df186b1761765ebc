import { compareDecimals, parseDecimal } from './decimal.ts';

/** The types of values that have an order which a cursor can follow. */
export type OrderedType = 'S' | 'N';

/**
 * Compares two values of a type as DynamoDB does: texts by their UTF-8 bytes, numbers by all their digits. Below 0 when
 * the first is smaller. A text that is no number is smaller than every number.
 */
export function compareValues(type: OrderedType, a: string, b: string): number {
  return type === 'S' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : compareNumbers(a, b);
}

/** The larger of two values, of which either may be missing. */
export function largerValue(
  type: OrderedType,
  a: string | undefined,
  b: string | undefined,
): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareValues(type, a, b) >= 0 ? a : b;
}

function compareNumbers(a: string, b: string): number {
  const [first, second] = [parseDecimal(a), parseDecimal(b)];
  if (first === undefined || second === undefined) {
    return Number(first !== undefined) - Number(second !== undefined);
  }
  return compareDecimals(first, second);
}
