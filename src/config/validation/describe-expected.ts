import type { JsonObject } from '../../json/json-object.ts';
import { formatCount } from '../../text/figures.ts';
import { joinQuoted } from './join-quoted.ts';

/**
 * What a property must be, as a phrase after `must`: `be a whole number from 0 to 1,000,000`.
 *
 * @param schema of the property, whose examples are shown.
 * @param value that it has, for a hint at what is wrong with it.
 */
export function describeExpected(schema: JsonObject, value: unknown): string {
  const { enum: choices, pattern_descriptor: likeness, examples } = schema;
  const [example] = (examples ?? []) as readonly unknown[];
  if (choices !== undefined) return `be ${joinQuoted(choices as readonly string[], 'or')}`;
  switch (schema.type) {
    case 'integer':
      return `be a whole number${describeRange(schema)}${describeQuotes(value)}`;
    case 'number':
      return `be a number${describeRange(schema)}${describeQuotes(value)}`;
    case 'boolean':
      return `be true or false${describeQuotes(value)}`;
    case 'array':
      return `be a list${example === undefined ? '' : `, like ${JSON.stringify(example)}`}`;
    case 'object':
      return 'be an object';
    default:
      if (typeof value !== 'string') return 'be text in quotes';
      return `look like ${String(likeness ?? example)}`;
  }
}

function describeRange({ minimum, maximum }: JsonObject): string {
  if (maximum === undefined) return minimum === undefined ? '' : ` of at least ${format(minimum)}`;
  return ` from ${format(minimum)} to ${format(maximum)}`;
}

function format(limit: unknown): string {
  return formatCount(Number(limit));
}

/** Config templates tend to put numbers and booleans into quotes. */
function describeQuotes(value: unknown): string {
  return typeof value === 'string' && /^(-?[\d.]+|true|false)$/i.test(value)
    ? ', without quotes'
    : '';
}
