/** How a text shows a time. */
export interface TimeText {
  /** Whether it is in UTC; otherwise it is a time on a wall somewhere, and how far that is from UTC may vary. */
  readonly isUtc: boolean;
  /** Writes a time in milliseconds since 1970 in the same form, cut off at the same precision. */
  readonly write: (ms: number) => string;
}

const ZONE = String.raw`(?<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?`;
const EXTENDED = new RegExp(
  String.raw`^\d{4}-\d{2}(?:-\d{2}(?:[Tt ]\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d+)?)?)? ?${ZONE})?)?$`,
);
// Without separators a text is only taken for a time when its month and day can be such, as counters look alike.
const BASIC = new RegExp(
  String.raw`^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[Tt]?\d{2}(?:\d{2}(?:\d{2}(?:[.,]?\d+)?)?)? ?${ZONE})?$`,
);
const ZERO_OFFSET = /^(?:[Zz]|[+-]00(?::?00)?)$/;
const ANY_DIGIT = /\d/g;

/**
 * Recognises a date or date-time of ISO 8601, with a blank for its `T` too; undefined for any other text.
 *
 * Only the form is looked at, so that `9999-99-99` is taken for a time as well.
 */
export function readTimeText(text: string): TimeText | undefined {
  const match = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (match === null) return undefined;
  const zone = match.groups?.zone ?? '';
  const body = text.slice(0, text.length - zone.length);
  return {
    isUtc: ZERO_OFFSET.test(zone),
    write: (ms) => fillIn(body, ms) + zone,
  };
}

/** Puts the digits of a time into the places of a form's digits, beginning with the year. */
function fillIn(form: string, ms: number): string {
  const digits = new Date(ms).toISOString().replace(/\D/g, '');
  let next = 0;
  return form.replace(ANY_DIGIT, () => digits[next++] ?? '0');
}
