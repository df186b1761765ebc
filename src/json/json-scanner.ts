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

/** The name of a member that is looked for, or that is so frequent that it should be skipped quickly. */
export interface KnownName {
  readonly name: string;
  /** As it stands in JSON. */
  readonly quoted: Buffer;
}

/** Prepares names for a scanner. */
export function knowNames(names: readonly string[]): readonly KnownName[] {
  return names.map((name) => ({ name, quoted: Buffer.from(JSON.stringify(name)) }));
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
  readonly #names: readonly KnownName[];
  readonly #end: number;
  #position: number;

  /** The JSON stands in a stretch of the bytes, or in all of them. */
  constructor(bytes: Buffer, names: readonly KnownName[], span?: ByteSpan) {
    this.#bytes = bytes;
    this.#names = names;
    this.#position = span?.start ?? 0;
    this.#end = span?.end ?? bytes.length;
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
      const name = this.#readName();
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

  /**
   * Returns where the object that comes next stands; undefined when null is in its place.
   *
   * @throws ScanError, for any other value too.
   */
  skipObject(): ByteSpan | undefined {
    const span = this.skipValue();
    if (this.#bytes[span.start] === OPEN_BRACE) return span;
    if (this.#parse(span) === null) return undefined;
    throw this.#fail();
  }

  /** @throws ScanError when anything comes behind the last value. */
  expectEnd(): void {
    if (this.#position !== this.#end) throw this.#fail();
  }

  /** Most of a page is skipped here, in one flat loop over variables of its own. */
  #skipNested(): void {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#position;
    let depth = 0;
    do {
      const byte = bytes[at++] ?? 0;
      if (byte === QUOTE) {
        at = findStringEnd(bytes, at, end);
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
      if (at > end) throw this.#fail();
    } while (depth > 0);
    this.#position = at;
  }

  /** A known name is told by its bytes, since making a string of each name takes longer than all the rest. */
  #readName(): string {
    const start = this.#position;
    this.#skipString();
    const end = this.#position;
    const length = end - start;
    for (const { name, quoted } of this.#names) {
      if (quoted.length === length && isAt(this.#bytes, start, quoted)) return name;
    }
    return this.#parse({ start, end }) as string;
  }

  #skipString(): void {
    const bytes = this.#bytes;
    if (bytes[this.#position] !== QUOTE) throw this.#fail();
    const end = findStringEnd(bytes, this.#position + 1, this.#end);
    if (end > this.#end) throw this.#fail();
    this.#position = end;
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

/** Returns the index behind the closing quote of a string; one beyond the end if there is none. */
function findStringEnd(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at++];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return end + 1;
}

function isAt(bytes: Buffer, start: number, wanted: Buffer): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

function isOfWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || byte === 0x45;
  // Plus, minus and point.
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
