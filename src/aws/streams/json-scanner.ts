const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/** The bytes are not JSON without blanks, or end too early. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
}

/** A stretch of bytes. */
export interface ByteSpan {
  readonly start: number;
  /** Index behind the last byte. */
  readonly end: number;
}

/**
 * Walks through JSON without blanks between its tokens, as AWS writes it, and looks only at what it is asked for.
 *
 * Everything else is skipped byte by byte, and no object is made of it.
 */
export class JsonScanner {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Calls back at the value of each member of the object that comes next. Whoever is called reads or skips the value.
   *
   * @throws ScanError.
   */
  readObject(readMember: (name: string) => void): void {
    this.#expect(OPEN_BRACE);
    if (this.#take(CLOSE_BRACE)) return;
    do {
      const name = this.readString();
      this.#expect(COLON);
      readMember(name);
    } while (this.#take(COMMA));
    this.#expect(CLOSE_BRACE);
  }

  /**
   * Calls back at each entry of the list that comes next.
   *
   * @throws ScanError.
   */
  readList(readEntry: () => void): void {
    this.#expect(OPEN_BRACKET);
    if (this.#take(CLOSE_BRACKET)) return;
    do readEntry();
    while (this.#take(COMMA));
    this.#expect(CLOSE_BRACKET);
  }

  /**
   * Returns the string that comes next.
   *
   * @throws ScanError.
   */
  readString(): string {
    const start = this.#position;
    const hasEscapes = this.#skipString();
    const end = this.#position;
    if (!hasEscapes) return this.#bytes.toString('utf8', start + 1, end - 1);
    return this.#parse({ start, end }) as string;
  }

  /**
   * Returns the value that comes next, parsed: for small ones.
   *
   * @throws ScanError.
   */
  readValue(): unknown {
    return this.#parse(this.skipValue());
  }

  /**
   * Returns where the value that comes next stands.
   *
   * @throws ScanError.
   */
  skipValue(): ByteSpan {
    const start = this.#position;
    const first = this.#bytes[start];
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#skipNested();
    else this.#skipWord();
    return { start, end: this.#position };
  }

  /** @throws ScanError when anything comes behind the last value. */
  expectEnd(): void {
    if (this.#position !== this.#bytes.length) throw this.#fail();
  }

  #skipNested(): void {
    const bytes = this.#bytes;
    let depth = 0;
    do {
      const byte = bytes[this.#position];
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      if (byte === undefined) throw this.#fail();
      this.#position++;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    } while (depth > 0);
  }

  /** Returns whether the string has escapes. */
  #skipString(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#position] !== QUOTE) throw this.#fail();
    let at = this.#position + 1;
    let hasEscapes = false;
    for (;;) {
      const byte = bytes[at++];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        hasEscapes = true;
        at++;
      } else if (byte === undefined) throw this.#fail();
    }
    this.#position = at;
    return hasEscapes;
  }

  /** A number, or true, false or null. */
  #skipWord(): void {
    const start = this.#position;
    while (isOfWord(this.#bytes[this.#position])) this.#position++;
    if (this.#position === start) throw this.#fail();
  }

  #parse({ start, end }: ByteSpan): unknown {
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, end));
    } catch {
      throw this.#fail();
    }
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#position] !== byte) return false;
    this.#position++;
    return true;
  }

  #expect(byte: number): void {
    if (!this.#take(byte)) throw this.#fail();
  }

  #fail(): ScanError {
    return new ScanError(`The bytes are not compact JSON at ${this.#position}`);
  }
}

function isOfWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || byte === 0x45;
  // Plus, minus and point.
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
