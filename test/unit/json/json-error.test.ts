import { expect } from 'chai';
import fc from 'fast-check';
import { findJsonError } from '../../../src/json/json-error.ts';

describe('finding where a text stops being JSON', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a comma behind the last member', '{\n "a": 1,\n}', '2:8 there is an extra comma'],
    ['a comma behind the last entry', '[1, 2,]', '1:6 there is an extra comma'],
    ['two commas', '[1,,2]', '1:4 a value is missing'],
    ['a comment', '{ // here\n"a": 1}', '1:3 JSON has no comments'],
    ['a comment of lines', '{"a": /* here */ 1}', '1:7 JSON has no comments'],
    ['a comment of a shell', '# here\n{}', '1:1 JSON has no comments'],
    ['single quotes', "{'a': 1}", '1:2 strings and names need straight double quotes'],
    ['curly quotes', '{"a": “b”}', '1:7 strings and names need straight double quotes'],
    ['a name without quotes', '{a: 1}', '1:2 a name in double quotes is missing'],
    ['a text without quotes', '{"a": b}', '1:7 a value is missing, or a string has no quotes'],
    ['a missing colon', '{"a" 1}', '1:6 a colon is missing'],
    ['a missing comma', '{"a": 1\n"b": 2}', '2:1 a comma or a closing bracket is missing'],
    ['the wrong bracket', '{"a": [1}', '1:9 a comma or a closing bracket is missing'],
    ['an early end', '{"a": [1', '1:9 the text ends too early'],
    ['an early end in a text', '{"a": "b', '1:9 the text ends too early'],
    ['a text over two lines', '{"a": "b\n"}', '1:9 a string does not end on its line'],
    [
      'a backslash of Windows',
      '{"a": "C:\\Users"}',
      '1:10 a backslash in a string must be doubled',
    ],
    ['a value of Python', '{"a": True}', '1:7 JSON has true, false and null'],
    ['a number with a leading zero', '[01]', '1:2 a value is missing'],
    ['more than one value', '{} {}', '1:4 there is something after the end'],
    ['nothing', '', '1:1 the text ends too early'],
  ];
  for (const [name, text, expected] of cases) {
    it(`names the place of ${name}`, () => {
      expect(() => JSON.parse(text) as unknown).to.throw(SyntaxError);
      const { line, column, reason } = findJsonError(text) ?? {};
      expect(`${String(line)}:${String(column)} ${String(reason)}`).to.include(expected);
    });
  }

  it('finds nothing in JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findJsonError(JSON.stringify(value, null, 1))).to.equal(undefined);
      }),
    );
  });

  it('finds something exactly where JSON.parse does', () => {
    const signs = fc.constantFrom(
      ...'{ } [ ] : , " \\ u n 1 - . e'.split(' '),
      ' ',
      '\n',
      'true',
      '"a"',
      '0',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(findJsonError(text) !== undefined, text).to.equal(!isJson(text));
      }),
      { numRuns: 5000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
