/** Turns the bytes of a file into text, chunk by chunk. */
export class TextFileDecoder {
  #decoder: InstanceType<typeof TextDecoder> | undefined;

  /**
   * The text of a chunk: UTF-8, or UTF-16 as the shells of Windows write it. What the last character lacks at the end of
   * a file is left out. A mark of the byte order is no part of the text.
   *
   * @throws TypeError for bytes that are no such text. To replace them would change names and keys.
   */
  decode(chunk: Uint8Array): string {
    this.#decoder ??= new TextDecoder(detectEncoding(chunk), { fatal: true });
    return this.#decoder.decode(chunk, { stream: true });
  }
}

/** By the mark of the byte order, or by where the zeros are: JSON begins with ASCII. */
function detectEncoding([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}
