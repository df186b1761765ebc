/** Where a member of an object stands: its name between its quotes, and its value. Ends are behind the last byte. */
export interface MemberSpan {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the members of an object in bytes of JSON without blanks, and does not look into their values, of which only the
 * strings and braces are heeded. Undefined for bytes that are no such object.
 */
export function scanMembers(
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly MemberSpan[] | undefined {
  if (bytes[start] !== OPEN_BRACE || bytes[end - 1] !== CLOSE_BRACE) return undefined;
  const members: MemberSpan[] = [];
  let at = start + 1;
  if (at === end - 1) return members;
  for (;;) {
    if (bytes[at] !== QUOTE) return undefined;
    const nameEnd = skipString(bytes, at, end) - 1;
    if (bytes[nameEnd + 1] !== COLON) return undefined;
    const valueStart = nameEnd + 2;
    const valueEnd = skipValue(bytes, valueStart, end);
    if (valueEnd === valueStart) return undefined;
    members.push({ nameStart: at + 1, nameEnd, valueStart, valueEnd });
    if (bytes[valueEnd] === CLOSE_BRACE) return valueEnd === end - 1 ? members : undefined;
    if (bytes[valueEnd] !== COMMA) return undefined;
    at = valueEnd + 1;
  }
}

/** The index behind a value: where the comma or brace stands that ends it; `end` when nothing does. */
function skipValue(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at, end);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth--;
    } else if (byte === COMMA && depth === 0) return at;
    at++;
  }
  return end;
}

/** The index behind a string that begins at `start`; `end` when it does not end before. */
function skipString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return end;
}
