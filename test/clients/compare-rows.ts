import type { Json, JsonObject } from '../support/json.ts';
import { isJsonObject } from '../support/json.ts';

const NUMBER_MARK = '\u0000number ';

/** What a client has of one table, held against what it should have. */
export interface Comparison {
  /** Attributes whose numbers have other values than in the table, everything else being equal. */
  readonly rounded: readonly string[];
  /** What is wrong, in words. */
  readonly faults: readonly string[];
}

/**
 * Compares rows with the items that they come from, each of which has to be there `copies` times. Numbers are marked as
 * by `parseKeepingNumbers`. A null and an absent attribute are the same here: columns cannot tell them apart.
 */
export function compareRows(
  rows: readonly JsonObject[],
  items: readonly JsonObject[],
  { key, copies }: { readonly key: string; readonly copies: number },
): Comparison {
  const rounded = new Set<string>();
  const faults: string[] = [];
  const expectedRows = items.length * copies;
  if (rows.length !== expectedRows) faults.push(`${rows.length} rows, not ${expectedRows}`);
  for (const item of items) {
    const same = rows.filter((row) => isEqual(row[key], item[key]));
    if (same.length !== copies) {
      faults.push(`${nameOf(item[key])} is there ${same.length} times, not ${copies}`);
    }
    for (const row of same) compareRow(row, item, { rounded, faults });
  }
  return { rounded: [...rounded].sort(), faults };
}

function compareRow(
  row: JsonObject,
  item: JsonObject,
  { rounded, faults }: { readonly rounded: Set<string>; readonly faults: string[] },
): void {
  for (const name of new Set([...Object.keys(item), ...Object.keys(row)])) {
    const [actual, expected] = [row[name] ?? null, item[name] ?? null];
    const otherNumbers: string[] = [];
    if (!isSame(actual, expected, otherNumbers)) {
      faults.push(`${name} is ${nameOf(actual)}, not ${nameOf(expected)}`);
    } else if (otherNumbers.length > 0) rounded.add(name);
  }
}

function isEqual(actual: Json | undefined, expected: Json | undefined): boolean {
  const others: string[] = [];
  return isSame(actual, expected, others) && others.length === 0;
}

/** Whether two values differ in nothing but numbers; those that differ are collected. */
function isSame(actual: Json | undefined, expected: Json | undefined, others: string[]): boolean {
  if (isNumber(actual) && isNumber(expected)) {
    if (canonical(actual) !== canonical(expected)) others.push(expected);
    return true;
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return (
      actual.length === expected.length &&
      actual.every((member: Json, index) => isSame(member, expected[index] as Json, others))
    );
  }
  if (isJsonObject(actual) && isJsonObject(expected)) {
    const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...names].every((name) => isSame(actual[name], expected[name], others));
  }
  return actual === expected;
}

function isNumber(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith(NUMBER_MARK);
}

/** The value of a number without the ways to write it: `-125E-2` for -1.250. */
function canonical(marked: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(marked.slice(NUMBER_MARK.length)) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${sign}${significant}E${power}`;
}

function nameOf(value: Json | undefined): string {
  return JSON.stringify(value ?? null).replaceAll('\\u0000number ', '');
}
