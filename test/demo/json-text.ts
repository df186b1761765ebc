import type { Terminal } from './terminal.ts';

/** A key with its colon, a string, a number or literal, punctuation. */
const TOKEN = /"(?:[^"\\]|\\.)*"(?:\s*:)?|[^\s{}[\],:"]+|[{}[\],]/g;
const INDENT = '  ';

/**
 * Lays JSON text out for reading: what fits on a line stays on one. It works on the text and never parses it, because
 * a parsed number has lost all digits beyond a double's.
 */
export function layOutJson(text: string, terminal: Terminal): string {
  const tokens = text.match(TOKEN) ?? [];
  return new JsonLayout(tokens, terminal).next('', terminal.columns);
}

class JsonLayout {
  readonly #tokens: readonly string[];
  readonly #terminal: Terminal;
  #position = 0;

  constructor(tokens: readonly string[], terminal: Terminal) {
    this.#tokens = tokens;
    this.#terminal = terminal;
  }

  /** The value at the position. Its first line has `room` characters, the others begin with `indent`. */
  next(indent: string, room: number): string {
    const start = this.#position;
    const end = this.#findEnd();
    const tokens = this.#tokens.slice(start, end);
    if (tokens.length === 1 || joinTokens(tokens).length <= room) {
      this.#position = end;
      return joinTokens(tokens.map((token) => this.#colour(token)));
    }
    this.#position += 1;
    const members: string[] = [];
    while (this.#position < end) members.push(this.#member(indent + INDENT));
    return `${tokens[0] ?? ''}\n${members.join(',\n')}\n${indent}${tokens.at(-1) ?? ''}`;
  }

  #member(indent: string): string {
    const token = this.#tokens[this.#position] ?? '';
    const key = token.endsWith(':') ? token : '';
    if (key !== '') this.#position += 1;
    const lead = joinTokens([key]);
    const value = this.next(indent, this.#terminal.columns - indent.length - lead.length - 1);
    // What follows is the comma, or the bracket that ends the enclosing value.
    this.#position += 1;
    return `${indent}${joinTokens([this.#colour(key)])}${value}`;
  }

  /** The position behind the value at the position. */
  #findEnd(): number {
    let depth = 0;
    let end = this.#position;
    do {
      const token = this.#tokens[end];
      if (token === '{' || token === '[') depth += 1;
      if (token === '}' || token === ']') depth -= 1;
      end += 1;
    } while (depth > 0 && end < this.#tokens.length);
    return end;
  }

  #colour(token: string): string {
    return token.endsWith(':') ? `${this.#terminal.style('cyan', token.slice(0, -1))}:` : token;
  }
}

function joinTokens(tokens: readonly string[]): string {
  return tokens.map((token) => (/[,:]$/.test(token) ? `${token} ` : token)).join('');
}
