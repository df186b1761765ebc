/** Where a text stops being JSON, and why. Lines and columns count from 1. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  /** A phrase that repeats nothing of the text, which may contain secrets. */
  readonly reason: string;
}

type Expected =
  'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'end';

/** What is wrong, and at which index of the text. */
class Mistake {
  readonly index: number;
  readonly reason: string;

  constructor(index: number, reason: string) {
    this.index = index;
    this.reason = reason;
  }
}

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
const FIRST_PRINTABLE = ' ';
const TOO_SHORT = 'the text ends too early';
const COMMENT = 'JSON has no comments';

/** Finds the first place where a text is not JSON; returns undefined when it is JSON. */
export function findJsonError(text: string): JsonError | undefined {
  const mistake = findMistake(text);
  if (mistake === undefined) return undefined;
  const lines = text.slice(0, mistake.index).split('\n');
  return {
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
    reason: mistake.reason,
  };
}

function findMistake(text: string): Mistake | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let comma = 0;
  for (let index = skip(SPACE, text, 0); ; index = skip(SPACE, text, index)) {
    const sign = text[index];
    if (sign === undefined) return expected === 'end' ? undefined : new Mistake(index, TOO_SHORT);
    const isClosing = sign === '}' || sign === ']';
    if (isClosing && (expected === 'name' || expected === 'value') && text[comma] === ',') {
      return new Mistake(comma, `there is an extra comma before the "${sign}"`);
    }
    if (isClosing && expected.endsWith('end') && sign === closing(open.at(-1))) {
      open.pop();
      index += 1;
      expected = open.length === 0 ? 'end' : 'comma or end';
    } else if (sign === ',' && expected === 'comma or end') {
      comma = index++;
      expected = open.at(-1) === '{' ? 'name' : 'value';
    } else if (sign === ':' && expected === 'colon') {
      index += 1;
      expected = 'value';
    } else if ((sign === '{' || sign === '[') && expected.startsWith('value')) {
      open.push(sign);
      index += 1;
      expected = sign === '{' ? 'name or end' : 'value or end';
    } else if (sign === '"' && (expected.startsWith('value') || expected.startsWith('name'))) {
      const end = skipString(text, index);
      if (end instanceof Mistake) return end;
      index = end;
      expected = expected.startsWith('name') ? 'colon' : behindValue(open);
    } else {
      const end: number = expected.startsWith('value') ? skip(SCALAR, text, index) : index;
      if (end === index) return new Mistake(index, explain(text, index, expected));
      index = end;
      expected = behindValue(open);
    }
  }
}

function behindValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'end' : 'comma or end';
}

function closing(opening: '{' | '[' | undefined): string | undefined {
  return opening === undefined ? undefined : opening === '{' ? '}' : ']';
}

/** The index after what matches there. */
function skip(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}

/** The index after a string that begins at an index. */
function skipString(text: string, start: number): number | Mistake {
  for (let index = start + 1; index < text.length; index++) {
    const sign = text[index] ?? '';
    if (sign === '"') return index + 1;
    if (sign < FIRST_PRINTABLE) {
      return new Mistake(index, 'a string does not end on its line, or contains a tab');
    }
    if (sign !== '\\') continue;
    const end = skip(ESCAPE, text, index + 1);
    if (end === index + 1) return new Mistake(index, 'a backslash in a string must be doubled');
    index = end - 1;
  }
  return new Mistake(text.length, TOO_SHORT);
}

function explain(text: string, index: number, expected: Expected): string {
  const rest = text.slice(index, index + 8);
  if (/^(\/\/|\/\*|#)/.test(rest)) return COMMENT;
  if (/^['‘’“”`]/.test(rest)) return 'strings and names need straight double quotes';
  switch (expected) {
    case 'end':
      return 'there is something after the end';
    case 'colon':
      return 'a colon is missing';
    case 'comma or end':
      return 'a comma or a closing bracket is missing';
    case 'name':
    case 'name or end':
      return 'a name in double quotes is missing';
    case 'value':
    case 'value or end':
      if (/^(True|False|None|undefined|NaN)/.test(rest)) {
        return 'JSON has true, false and null, but not this word';
      }
      return 'a value is missing, or a string has no quotes';
  }
}
