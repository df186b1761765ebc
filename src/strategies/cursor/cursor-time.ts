import type { CursorValue } from './cursor-value.ts';
import { findTimeUnit } from './time-number.ts';
import { readTimeText } from './time-text.ts';

/** How the values of a cursor show times. */
export interface TimeForm {
  /** Whether they are in UTC. Others go by clocks on walls, of which two may be 26 hours apart. */
  readonly isUtc: boolean;
  /** Writes a time in milliseconds since 1970 in this form, rounded down. */
  readonly write: (ms: number) => CursorValue;
}

// A text of digits is compared as one, so it is a time only where all are as long as this for centuries.
const EPOCH_TEXT = /^\d{10}$|^\d{13}$|^\d{16}$|^\d{19}$/;

/** The form in which a value is a time; undefined when it is none. */
export function recogniseTime({ type, text }: CursorValue, nowMs: number): TimeForm | undefined {
  const unit =
    type === 'N' || EPOCH_TEXT.test(text) ? findTimeUnit(Number(text), nowMs) : undefined;
  if (unit !== undefined) {
    return { isUtc: true, write: (ms) => ({ type, text: unit.write(ms) }) };
  }
  const form = type === 'S' ? readTimeText(text) : undefined;
  return form && { isUtc: form.isUtc, write: (ms) => ({ type, text: form.write(ms) }) };
}
