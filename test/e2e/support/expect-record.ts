import { expect } from 'chai';
import type { Json, JsonObject } from '../../support/json.ts';
import {
  decodeValue,
  isNested,
  parseKeepingNumbers,
  type NumberForm,
} from '../../support/reference-decoding.ts';

/** How records are configured to look. */
export interface RecordForm {
  readonly nested?: 'json' | 'string';
  readonly numbers?: NumberForm;
}

/** The `data` of a RECORD line, its bare numbers as marked text so that no digit is lost. */
export function dataOf(line: string): JsonObject {
  const { record } = parseKeepingNumbers(line) as {
    readonly record: { readonly data: JsonObject };
  };
  return record.data;
}

/** Expects a record to be what DESIGN says that this item becomes. `item` is DynamoDB JSON. */
export function expectRecord(data: JsonObject, item: JsonObject, form: RecordForm = {}): void {
  expect(Object.keys(data)).to.deep.equal(Object.keys(item));
  for (const [name, value] of Object.entries(item)) {
    const actual = data[name];
    const isText = form.nested === 'string' && isNested(value);
    expect(isText ? parseKeepingNumbers(requireText(actual)) : actual, name).to.deep.equal(
      decodeValue(value, form.numbers),
    );
  }
}

/** A value that must be text. */
export function requireText(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}
