const NEWLINE = 0x0a;
const CONTINUATION = 0x80;
const CONTINUATION_MASK = 0xc0;
const UTF_8 = 'utf-8';

/** Bytes of a file that are not text. */
export class BadTextError extends Error {
  override readonly name = 'BadTextError';
  /** How many ends of line stand before them in their chunk; undefined in UTF-16, where bytes do not tell. */
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
   * The text of a chunk: UTF-8, or UTF-16 as the shells of Windows write it. A character that the end of the chunk cuts
   * comes with the next one. A mark of the byte order is no part of the text.
   *
   * @throws BadTextError for bytes that are no such text. To replace them would change names and keys.
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

  /** @throws BadTextError when the last character of the file is cut. */
  end(): void {
    try {
      this.#decoder?.decode();
    } catch (cause) {
      throw new BadTextError(0, { cause });
    }
  }
}

/** By the mark of the byte order, or by where the zeros are: JSON begins with ASCII. */
function detectEncoding([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return UTF_8;
}

/** Counts line by line, of which the first may begin within a character; when no line is bad by itself, its start is. */
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
