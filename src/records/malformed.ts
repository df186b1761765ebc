import { SystemError } from '../errors.ts';

// In the order of `Expected` in assembly/position.ts.
const EXPECTATIONS = [
  'a string',
  'the end of a string',
  'no control character',
  'a JSON escape',
  'a hexadecimal digit',
  'a number',
  'an attribute type',
  'a value',
  'true or false',
  'true',
  'no deeper nesting',
  'a comma or an end',
  'the end of a value',
  'a brace, bracket, colon or quote',
  'the end of the items',
] as const;

/** An error for bytes that are not DynamoDB JSON. It names the place, never the bytes. */
export function malformed(expected: string, position: number): SystemError {
  return new SystemError(
    `DynamoDB sent an item that is not DynamoDB JSON: ${expected} expected at byte ${position} of the items.`,
  );
}

/** The same, for a member of `Expected`. */
export function malformedAs(expected: number, position: number): SystemError {
  return malformed(EXPECTATIONS[expected] ?? 'something else', position);
}
