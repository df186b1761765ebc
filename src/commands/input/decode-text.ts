const NEWLINE = 0x0a;
const CONTINUATION = 0x80;
const CONTINUATION_MASK = 0xc0;
const UTF_8 = 'utf-8';

/** Bytes of a file that are not text. */
export class BadTextError extends Error {
  override readonly name = 'BadTextError';
  /** How many line ends precede them in their chunk; undefined in UTF-16, where that is not known. */
  readonly linesBefore: number | undefined;

  constructor(linesBefore: number | undefined, options?: ErrorOptions) {
    super('The bytes are not text in UTF-8', options);
    this.linesBefore = linesBefore;
  }
}

/** Turns the bytes of a file into text, chunk by chunk. */
export class TextFileDecoder {
  #encoding = UTF_8;
  #decoder: InstanceType<typeof TextDecoder> | undefined;

  /**
   * Returns the text of a chunk: UTF-8, or UTF-16 as Windows shells write it. A character that is split by the end of
   * the chunk comes with the next one. A byte order mark is not part of the text.
   *
   * @throws BadTextError for other bytes. Replacing them would change names and keys.
   */
  decode(chunk: Uint8Array): string {
    if (this.#decoder === undefined) {
      this.#encoding = detectEncoding(chunk);
      this.#decoder = new TextDecoder(this.#encoding, { fatal: true });
    }
    try {
      return this.#decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const isUtf8 = this.#encoding === UTF_8;
      throw new BadTextError(isUtf8 ? countLinesBeforeBadBytes(chunk) : undefined, { cause });
    }
  }

  /** @throws BadTextError when the last character of the file is incomplete. */
  end(): void {
    try {
      this.#decoder?.decode();
    } catch (cause) {
      throw new BadTextError(0, { cause });
    }
  }
}

/** Tells the encoding from the byte order mark, or from where the zeros are, since JSON begins with ASCII. */
function detectEncoding([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return UTF_8;
}

/** Checks line by line; the first may begin within a character. If no line is bad by itself, its start is. */
function countLinesBeforeBadBytes(chunk: Uint8Array): number {
  let start = chunk.findIndex((byte) => (byte & CONTINUATION_MASK) !== CONTINUATION);
  for (let lines = 0; start >= 0 && start < chunk.length; lines++) {
    const newline = chunk.indexOf(NEWLINE, start);
    const end = newline === -1 ? chunk.length : newline + 1;
    if (!isText(chunk.subarray(start, end))) return lines;
    start = end;
  }
  return 0;
}

function isText(line: Uint8Array): boolean {
  try {
    new TextDecoder(UTF_8, { fatal: true }).decode(line, { stream: true });
    return true;
  } catch {
    return false;
  }
}
