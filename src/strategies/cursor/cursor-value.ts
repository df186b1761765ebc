import { compareValues, type OrderedType } from '../../values/compare-values.ts';
import { formatDecimal, parseDecimal, subtractRoundingDown } from '../../values/decimal.ts';

/** A value of the cursor attribute: text, or a number as text with every digit. */
export interface CursorValue {
  readonly type: OrderedType;
  readonly text: string;
}

/** The larger of two values of the same type. */
export function laterCursor(a: CursorValue, b: CursorValue): CursorValue {
  return compareValues(a.type, a.text, b.text) >= 0 ? a : b;
}

/** The smaller of two values of the same type. */
export function earlierCursor(a: CursorValue, b: CursorValue): CursorValue {
  return compareValues(a.type, a.text, b.text) <= 0 ? a : b;
}

/**
 * The smallest value that is read when everything up to `saved` has been read, but for the last `overlap` of it. A text
 * has no overlap.
 *
 * @param overlap a number of at least 0, as text.
 */
export function reachBack(saved: CursorValue, overlap: string | undefined): CursorValue {
  const [value, width] = [parseDecimal(saved.text), parseDecimal(overlap ?? '')];
  if (saved.type === 'S' || value === undefined || width === undefined) return saved;
  return { type: 'N', text: formatDecimal(subtractRoundingDown(value, width)) };
}

/** The value in DynamoDB JSON. */
export function toAttributeValue({ type, text }: CursorValue): Readonly<Record<string, string>> {
  return { [type]: text };
}
